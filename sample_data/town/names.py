"""Gives the neighbourhoods invented names that an old quarter could carry."""

from __future__ import annotations

import numpy as np

#: Works and offices that built housing for their staff. None is meant to be a real one.
UNITS = [
    "湘运", "湘东机床厂", "水泵厂", "南岸纺织厂", "粮食局", "物资局", "供销社", "铁路", "电线厂", "造漆厂", "制药厂", "新华印刷厂",
    "塑料厂", "橡胶厂", "二建公司", "汽运公司", "邮电局", "税务局", "七医院", "林科所", "地质队", "勘探队", "冶金厅", "轻工局",
    "商业局", "食品公司", "百货公司", "蔬菜公司", "烟草公司", "自来水厂", "糖厂", "陶瓷厂", "石灰厂", "毛巾厂", "灯泡厂", "教育局",
    "湘春师范", "书院中学", "公交公司", "煤炭公司", "五金公司", "盐业公司", "仪表厂", "无线电厂", "肉联厂", "酱园厂", "港务局",
    "车辆段", "电机厂", "搪瓷厂",
]  # fmt: skip
#: Old place names, west to east as far as they also name a street.
PLACES = [
    "桂花坪", "茶园坡", "枫树坪", "砚池", "柳荫", "青石", "文庙坪", "仓后", "井湾", "梅园", "长塘", "北塘", "南塘", "糖坊", "石灰嘴",
    "陶公", "桔园", "荷花池", "古井", "杨家山", "皂角树", "观音阁", "小桥", "白鹤", "湘滨", "金盆", "马坡", "桐梓坡", "油铺", "铁铺",
    "渔湾", "樟树园", "竹山", "莲湖", "朝阳", "团结", "和平", "红旗", "新建", "东风", "友谊", "胜利", "丰收", "幸福", "光明", "前进",
    "书院坪", "学宫", "老正街", "车站北", "龙井", "狮子山",
]  # fmt: skip


def compound_names(years: list[int], rng: np.random.Generator) -> list[str]:
    """One unused name per compound: staff housing in the early years, estates later."""
    units, places = list(rng.permutation(UNITS)), list(rng.permutation(PLACES))
    names: list[str] = []
    for year in years:
        if units and rng.random() < (0.62 if year < 1990 else 0.4 if year < 2000 else 0.08):
            ends = ["宿舍", "家属区", "职工宿舍", "家属院"] if year < 1992 else ["宿舍", "生活小区", "家属区"]
            name = units.pop() + str(rng.choice(ends))
        elif places:
            ends = ["新村", "里", "巷小区", "小区"] if year < 1990 else ["小区", "小区", "花苑", "公寓"]
            name = places.pop() + str(rng.choice(ends if year < 2000 else ["花园", "苑", "家园", "雅苑"]))
        else:
            name = _next_village(names, rng)
        names.append(name)
    return names


def _next_village(names: list[str], rng: np.random.Generator) -> str:
    """A further part of an estate that exists already, such as 桂花坪小区(二区)."""
    stems = sorted({name.split("(")[0] for name in names if name.endswith(("小区", "新村", "里"))})
    while True:
        name = f"{rng.choice(stems)}({rng.choice(['二区', '三区', '东区', '西区', '北区'])})"
        if name not in names:
            return name
