"""Plan the renewal of old residential neighbourhoods, area by area."""

import os

__version__ = "0.1.0"

# An opened file must never fetch anything, nor read another file in its name. GDAL takes these settings when
# it is loaded, so they stand before whatever imports it here. Where it was loaded before,
# sources.vector looks at the content all the same.
_OTHER_SOURCES = (
    "ADBC,AmigoCloud,Carto,CSW,EEDA,Elasticsearch,GDALG,GMLAS,HTTP,NGW,OAPIF,OGCAPI,OGR_VRT,PLSCENES,WFS"
)
os.environ["OGR_SKIP"] = ",".join(filter(None, (os.environ.get("OGR_SKIP"), _OTHER_SOURCES)))
os.environ["GML_DOWNLOAD_WFS_SCHEMA"] = "NO"
# It would complain on standard error of each of these that it was built without.
os.environ.setdefault("CPL_LOG", os.devnull)
