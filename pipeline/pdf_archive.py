"""What PDF/A-2b asks of a file beyond its pages: XMP metadata that agree with /Info, and an output intent.

ISO 19005-2, 6.6 (metadata) and 6.2.3 (output intent). The titles are the caller's: this module adds no names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from xml.sax.saxutils import escape

from PIL import ImageCms
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject, TextStringObject

from pipeline.pdf_file import PdfFile, dictionary, name, stream

PDFA_PART, PDFA_CONFORMANCE = 2, "B"
_SRGB = "sRGB IEC61966-2.1"
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")  # not allowed in XML 1.0, or not text

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>{part}</pdfaid:part>
<pdfaid:conformance>{conformance}</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreatorTool>{tool}</xmp:CreatorTool>
<xmp:CreateDate>{created}</xmp:CreateDate>
<xmp:ModifyDate>{created}</xmp:ModifyDate>
<pdf:Producer>{tool}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class About:
    """What a PDF says of itself. `title` is shown by viewers and in search results of others: no personal names by default."""

    title: str
    created: datetime  # with zone
    tool: str = "Sohoa"
    language: str = "vi-VN"  # BCP 47


def clean(text: str) -> str:
    """`text` on one line, without what neither XML nor an outline may hold."""
    return _FORBIDDEN.sub(" ", text).strip()


def xmp_packet(about: About) -> bytes:
    """The XMP packet (ISO 16684-1), UTF-8."""
    assert about.created.tzinfo is not None, "a date without zone says another moment elsewhere"
    return _XMP.format(
        part=PDFA_PART,
        conformance=PDFA_CONFORMANCE,
        language=escape(about.language),
        title=escape(clean(about.title)),
        tool=escape(clean(about.tool)),
        created=about.created.isoformat(timespec="seconds"),
    ).encode()


def write_metadata(file: PdfFile, about: About) -> IndirectObject:
    """The XMP stream, left uncompressed so that it can be found without a PDF reader."""
    return file.add(stream(xmp_packet(about), Type=name("Metadata"), Subtype=name("XML")))


def document_info(about: About) -> DictionaryObject:
    """The /Info dictionary, saying the same as the XMP packet."""
    zone = f"{about.created:%z}"
    moment = f"D:{about.created:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"
    return dictionary(
        Title=TextStringObject(clean(about.title)),
        Creator=TextStringObject(clean(about.tool)),
        Producer=TextStringObject(clean(about.tool)),
        CreationDate=TextStringObject(moment),
        ModDate=TextStringObject(moment),
    )


def write_output_intent(file: PdfFile) -> ArrayObject:
    """The colours meant by DeviceRGB: sRGB. DeviceGray needs no more (ISO 19005-2, 6.2.4.3)."""
    profile = file.add(stream(srgb_profile(), N=NumberObject(3)))
    intent = dictionary(
        Type=name("OutputIntent"),
        S=name("GTS_PDFA1"),
        OutputConditionIdentifier=TextStringObject(_SRGB),
        Info=TextStringObject(_SRGB),
        DestOutputProfile=profile,
    )
    return ArrayObject([intent])


@cache
def srgb_profile() -> bytes:
    """The sRGB profile of Little CMS, free to use, about 600 bytes; its date is fixed so that equal input gives equal output."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[24:36] = (0x07EA_0001_0001_0000_0000_0000).to_bytes(12, "big")  # dateTimeNumber, ICC.1:2022 table 17: 2026-01-01
    return bytes(made)
