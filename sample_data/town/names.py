"""Gives the neighbourhoods invented names that an old quarter could carry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

#: Works and offices that housed their staff anywhere in the town. None is meant to be a real one.
UNITS = [
    "湘运", "水泵厂", "粮食局", "物资局", "供销社", "电线厂", "造漆厂", "制药厂", "新华印刷厂", "塑料厂",
    "橡胶厂", "二建公司", "邮电局", "税务局", "林科所", "地质队", "勘探队", "冶金厅", "轻工局", "商业局",
    "食品公司", "百货公司", "蔬菜公司", "烟草公司", "毛巾厂", "灯泡厂", "教育局", "煤炭公司", "五金公司",
    "盐业公司", "仪表厂", "无线电厂", "肉联厂", "酱园厂", "电机厂", "搪瓷厂",
]  # fmt: skip

#: Community -> old place names in it; works in it.
LOCAL: dict[str, tuple[str, str]] = {
    "茶园坡社区": ("茶园坡 茶亭 竹山 砚池 北门", "湘春师范"),
    "梅园社区": ("梅园 北塘 工农 荷花池 油铺 青石 红旗 梅岭 桂园 大塘", "财校"),
    "学院社区": ("学院坪 仓后 学宫 朝阳 樟树园 团结 狮子山 马坡 文昌 石子冲", "区政府"),
    "桔园社区": ("桔园 湘滨 渔湾 砚水 水府 古井 桐梓坡 河街", "自来水厂 港务局"),
    "湘机社区": ("湘机 车站北 桂花坪 红星 友谊 胜利 前进", "湘东机床厂 七医院"),
    "柳浪社区": ("柳浪 柳荫 枫树坪 东站 铁铺 白鹤 新建 光明 丰收 麻园", "汽运公司 公交公司"),
    "书院社区": ("书院坪 文庙坪 皂角树 老正街 小桥 府后", "书院中学"),
    "井湾社区": ("井湾 龙井 观音阁 金盆 酱坊 和平 莲湖 幸福 下河街 当铺", "银行学校"),
    "长塘社区": ("长塘 东风 枫林 杨家山 栗山 瓦屋", "邮车站"),
    "铁路社区": ("铁桥 机务 道口 沿河", "车辆段 铁路"),
    "东郊社区": ("东湖 苗圃 东郊 枣子园", "物流站"),
    "石灰街社区": ("石灰嘴 陶公 窑坡 南堤 晒谷坪 渡口 碗铺 赤土坡", "南岸纺织厂 石灰厂 陶瓷厂"),
    "南塘社区": ("南塘 南园 铁桥头 荷叶塘 花桥 竹木码头", "糖厂 竹器厂"),
    "糖坊社区": ("糖坊 甘蔗园 南岸 河湾 榨房 新码头 船山", "砖瓦二厂"),
}


def compound_names(homes: Sequence[tuple[str, int]], rng: np.random.Generator) -> list[str]:
    """One unused name per (community, year): staff housing in the early years, estates later.

    A place names a neighbourhood of its own community only; where places run out, the next one is a further
    part of an estate there, such as 桂花坪小区(二区).
    """
    shuffled = [str(unit) for unit in rng.permutation(UNITS)]
    places = {name: list(rng.permutation(words.split())) for name, (words, _) in LOCAL.items()}
    units = {name: words.split() for name, (_, words) in LOCAL.items()}
    names: list[str] = []
    estates: dict[str, list[str]] = {}
    for community, year in homes:
        staff = units[community] or shuffled
        if staff and rng.random() < (0.6 if year < 1990 else 0.38 if year < 2000 else 0.06):
            ends = ("宿舍", "家属区", "职工宿舍", "家属院") if year < 1992 else ("宿舍", "生活小区", "家属区")
            name = staff.pop() + str(rng.choice(ends))
        elif places[community]:
            if year < 2000:
                ends = ("新村", "里", "小区", "小区") if year < 1990 else ("小区", "小区", "花苑", "公寓")
            else:
                ends = ("花园", "苑", "家园", "雅苑")
            name = str(places[community].pop()) + str(rng.choice(ends))
            estates.setdefault(community, []).append(name)
        else:
            name = _further_part(estates[community], names, rng)
        names.append(name)
    return names


def _further_part(estates: list[str], names: list[str], rng: np.random.Generator) -> str:
    while True:
        name = f"{rng.choice(estates)}({rng.choice(['二区', '三区', '东区', '西区'])})"
        if name not in names:
            return name
