"""Makes tests/vectors/spectra: small files of every format that Garita reads, good and damaged.

Run from the repository: PYTHONPATH=. python tests/vectors/make_spectra.py
"""

import base64
import json
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

from models.formats.jcamp.encode import Form
from models.formats.jcamp.writing import format_block, format_even, format_link, format_mass_pages, format_pairs

FOLDER = Path(__file__).parent / "spectra"
OUTCOMES = {"bad": "refused", "fault": "fault"}
"""What becomes of a file, by how its name begins; of every other it reads."""

INFRARED = {"DATA TYPE": "INFRARED SPECTRUM", "XUNITS": "1/CM", "YUNITS": "ABSORBANCE"}
MASS = {"DATA TYPE": "MASS SPECTRUM", "XUNITS": "M/Z", "YUNITS": "RELATIVE ABUNDANCE"}
Y = [0, 0, 0, 2, 4, 4, 4, 7, 5, 4, 4, 5, 5, 7, 10, 11, 11, 6, 5, 7, 6, 9, 9, 7, -3, -3, 100, 1000, 999, 0]
PEAKS = [(82.065, 35.0), (105.034, 12.5), (150.09, 7.0), (182.118, 100.0), (303.147, 20.0)]

HEAD = "##TITLE= a\n##JCAMP-DX= 4.24\n##DATA TYPE= INFRARED SPECTRUM\n##XUNITS= 1/CM\n##YUNITS= ABSORBANCE\n"
EVEN = (
    HEAD
    + "##FIRSTX= {0}\n##LASTX= {1}\n##NPOINTS= {2}\n##XFACTOR= 1\n##YFACTOR= {3}\n##XYDATA= (X++(Y..Y))\n{4}\n##END=\n"
)


def jcamp() -> dict[str, str]:
    """Return good JCAMP-DX files by name."""
    forms = {f"{form.value.lower()}.jdx": one(format_even(400, 690, Y, form, 0.001)) for form in Form}
    return forms | {
        "missing.jdx": one(format_even(400, 440, [5, None, None, 7, 8], Form.SQZDUP)),
        "descending.jdx": one(format_even(690, 400, Y, Form.DIFDUP, 0.001)),
        "dup-without-dif.jdx": EVEN.format(400, 407, 8, 1, "400A2SATB0W"),
        "exponents.jdx": EVEN.format(400, 403, 4, 1, "400 1.0 9e-04 2.5E+01 -3e0"),
        "x-factor.jdx": EVEN.format(400, 403, 4, 1, "4000 1 2\n4020 3 4").replace("XFACTOR= 1", "XFACTOR= 0.1"),
        "lower-case-labels.jdx": EVEN.format(400, 403, 4, 1, "400 1 2 3 4").replace("##XYDATA=", "##xy-data="),
        "remarks.jdx": EVEN.format(400, 403, 4, 1, "400 1 2 $$ two points\n402 3 4").replace("##XU", "##= words\n##XU"),
        "xypoints.jdx": one(format_pairs("XYPOINTS", [(400.5, 1.0), (401.0, 2.5), (410.25, 0.5), *pairs()])),
        "peaks.jdx": format_block("cocaine", MASS, [format_pairs("PEAK TABLE", PEAKS)]),
        "mass-xydata.jdx": format_block("cocaine", MASS, [format_pairs("XYDATA", PEAKS)]),
        "ntuples.jdx": format_block("run", MASS, [format_mass_pages({"T=10.2": PEAKS, "T=10.4": PEAKS[:3]})]),
        "link.jdx": format_link(
            "two", [one(format_even(400, 690, Y, Form.DIF)), one(format_even(400, 690, Y, Form.FIX))]
        ),
    }


def one(table: str) -> str:
    """Return an infrared block with one table."""
    return format_block("a", INFRARED, [table], "4.24")


def pairs() -> list[tuple[float, float]]:
    """Return a few more points."""
    return [(420.0 + step, float(step)) for step in range(8)]


def bad_jcamp() -> dict[str, str]:
    """Return damaged JCAMP-DX files: the name names the fault."""
    good = EVEN.format(400, 403, 4, 1, "400 1 2\n402 3 4")
    return {
        "bad-no-end.jdx": good.replace("##END=\n", ""),
        "bad-too-few.jdx": good.replace("402 3 4", "402 3"),
        "bad-too-many.jdx": good.replace("402 3 4", "402 3 4 5"),
        "bad-x-check.jdx": good.replace("402 3 4", "450 3 4"),
        "bad-y-check.jdx": EVEN.format(400, 403, 4, 1, "400A1J\n401A5J%"),
        "bad-dif-first.jdx": EVEN.format(400, 403, 4, 1, "400JJJJ"),
        "bad-dif-after-missing.jdx": EVEN.format(400, 403, 4, 1, "400A?JJ"),
        "bad-dup-first.jdx": EVEN.format(400, 403, 4, 1, "400V"),
        "bad-dup-twice.jdx": EVEN.format(400, 403, 4, 1, "400ATT"),
        "bad-dup-enormous.jdx": EVEN.format(400, 403, 4, 1, "400AZ99999999999"),
        "bad-letter.jdx": EVEN.format(400, 403, 4, 1, "400A!"),
        "bad-points-negative.jdx": good.replace("NPOINTS= 4", "NPOINTS= -4"),
        "bad-points-enormous.jdx": good.replace("NPOINTS= 4", "NPOINTS= 99999999999"),
        "bad-first-x.jdx": good.replace("FIRSTX= 400", "FIRSTX= left"),
        "bad-delta.jdx": good.replace("##XFACTOR", "##DELTAX= 7\n##XFACTOR"),
        "bad-form.jdx": good.replace("(X++(Y..Y))", "(X++(Y..Z))"),
        "bad-title-in-block.jdx": good.replace("##XUNITS", "##TITLE= b\n##XUNITS"),
        "bad-deep.jdx": "##TITLE= l\n##DATA TYPE= LINK\n" * 50 + "##END=\n" * 50,
        "bad-no-version.jdx": good.replace("##JCAMP-DX= 4.24\n", ""),
        "bad-odd-pairs.jdx": good.replace("##XYDATA= (X++(Y..Y))", "##XYPOINTS= (XY..XY)").replace("402 3 4", "402 3"),
        "bad-factors-of-peaks.jdx": format_block("a", {**MASS, "YFACTOR": "0.1"}, [format_pairs("PEAK TABLE", PEAKS)]),
        "bad-number-of-5000-digits.jdx": EVEN.format(400, 403, 4, 1, "400A" + "1" * 5000),
        "bad-decimal-commas.jdx": format_block("a", MASS, ["##PEAK TABLE= (XY..XY)\n82,1 999,5\n182,1 100,0"]),
        "bad-infinite.jdx": EVEN.format(400, 401, 2, 1, "400 1E+999 2"),
    }


def spc_head(flags: int, version: int, exponent: int, points: int, count: int, *, order: str = "<") -> bytes:
    """Return the header of a new SPC file: Raman, shift in cm-1, counts."""
    head = struct.pack(order + "BBBbiddiBBBB", flags, version, 11, exponent, points, 400.0, 690.0, count, 13, 4, 0, 0)
    return head.ljust(88, b"\0") + b"bag 1".ljust(512 - 88, b"\0")


def spc_sub(exponent: int, index: int = 0, points: int = 0, order: str = "<") -> bytes:
    """Return a subheader."""
    return struct.pack(order + "BbHfffiif4x", 0, exponent, index, float(index), float(index + 1), 0.0, points, 0, 0.0)


def spc() -> dict[str, bytes]:
    """Return good SPC files by name."""
    floats, x = struct.pack("<30f", *Y), struct.pack("<30f", *(400 + step * step / 3 for step in range(30)))
    integers = [value * 2**20 for value in Y]
    words = struct.pack("<30i", *integers)
    swapped = b"".join(words[at + 2 : at + 4] + words[at : at + 2] for at in range(0, len(words), 4))
    old = struct.pack("<BBhfffBB", 0, 0x4D, 12, 30.0, 400.0, 690.0, 1, 2).ljust(64, b"\0") + b"old".ljust(192, b"\0")
    return {
        "float.spc": spc_head(0, 0x4B, -128, 30, 1) + spc_sub(-128) + floats,
        "int32.spc": spc_head(0, 0x4B, 12, 30, 1) + spc_sub(12) + words,
        "int32-exponent-in-main-header.spc": spc_head(0, 0x4B, 12, 30, 1) + spc_sub(0) + words,
        "int16.spc": spc_head(1, 0x4B, 12, 30, 1) + spc_sub(12) + struct.pack("<30h", *(value * 16 for value in Y)),
        "x-values.spc": spc_head(0x80, 0x4B, -128, 30, 1) + x + spc_sub(-128) + floats,
        "many.spc": spc_head(4, 0x4B, -128, 30, 2) + (spc_sub(-128) + floats) + (spc_sub(-128, 1) + floats[::-1][::-1]),
        "many-own-x.spc": spc_head(0xC4, 0x4B, -128, 0, 2)
        + (spc_sub(-128, 0, 30) + x + floats)
        + (spc_sub(-128, 1, 10) + x[:40] + floats[:40]),
        "big-endian.spc": spc_head(0, 0x4C, -128, 30, 1, order=">")
        + spc_sub(-128, order=">")
        + struct.pack(">30f", *Y),
        "old.spc": old + swapped,
    }


def bad_spc() -> dict[str, bytes]:
    """Return damaged SPC files."""
    good = spc()["float.spc"]
    return {
        "bad-cut.spc": good[:-1],
        "bad-header-cut.spc": good[:100],
        "bad-version.spc": good[:1] + b"\x4f" + good[2:],
        "bad-points-enormous.spc": good[:4] + struct.pack("<i", 2**31 - 1) + good[8:],
        "bad-points-negative.spc": good[:4] + struct.pack("<i", -1) + good[8:],
        "bad-spectra-enormous.spc": b"\x04" + good[1:24] + struct.pack("<i", 2**30) + good[28:],
        "bad-nan.spc": good[:-4] + b"\0\0\xc0\x7f",
        "bad-first-x-infinite.spc": good[:8] + struct.pack("<d", float("inf")) + good[16:],
    }


def massbank() -> dict[str, str]:
    """Return MassBank records, good and damaged."""
    good = (
        "ACCESSION: MSBNK-Example-EX000001\nRECORD_TITLE: Cocaine; LC-ESI-QTOF; MS2; CE: 20 eV\nLICENSE: CC0\n"
        "CH$NAME: Cocaine\nCH$NAME: Benzoylmethylecgonine\nCH$FORMULA: C17H21NO4\n"
        "CH$LINK: INCHIKEY ZPUCINDJVBIVPJ-LJISPDSOSA-N\nAC$INSTRUMENT_TYPE: LC-ESI-QTOF\n"
        "AC$MASS_SPECTROMETRY: MS_TYPE MS2\nAC$MASS_SPECTROMETRY: ION_MODE POSITIVE\n"
        "AC$MASS_SPECTROMETRY: COLLISION_ENERGY 20 eV\nMS$FOCUSED_ION: PRECURSOR_M/Z 304.1543\n"
        "PK$SPLASH: splash10-0000000000-00000000000000000000\nPK$ANNOTATION: m/z tentative_formula\n"
        "  82.065 C5H8N+\nPK$NUM_PEAK: 3\nPK$PEAK: m/z int. rel.int.\n"
        "  82.065 20.5 210\n  105.034 3 30\n  182.118 97.3 999\n//\n"
    )
    return {
        "cocaine.mb": good,
        "two-records.mb": good + good.replace("000001", "000002"),
        "bad-no-end.mb": good.removesuffix("//\n"),
        "bad-count.mb": good.replace("NUM_PEAK: 3", "NUM_PEAK: 4"),
        "bad-peak.mb": good.replace("105.034 3 30", "105.034 three 30"),
        "bad-first-line.mb": "CH$NAME: x\n" + good,
        "bad-field.mb": good.replace("LICENSE: CC0", "LICENSE CC0"),
    }


def mgf() -> dict[str, str]:
    """Return files in Mascot Generic Format, good and damaged."""
    peaks = "".join(f"{mz} {height}\n" for mz, height in PEAKS)
    one = f"BEGIN IONS\nTITLE=Cocaine, 20 eV\nPEPMASS=304.1543 5000\nCHARGE=1+\n{peaks}END IONS\n"
    other = one.replace("82.065 35.0", "82.065\t35.0\t1+")
    return {
        "one.mgf": one,
        "two.mgf": f"# exported\nCHARGE=1+\n\n{one}\n! the same again\n{other}",
        "fault-ms3.mgf": one.replace("BEGIN IONS\n", "BEGIN IONS\nMSLEVEL=3\n"),
        "fault-ead.mgf": one.replace("BEGIN IONS\n", "BEGIN IONS\nFRAGMENTATION_METHOD=EAD\n"),
        "bad-no-begin.mgf": one.replace("BEGIN IONS\n", ""),
        "bad-no-end.mgf": one.replace("END IONS\n", ""),
        "bad-second-begin.mgf": one.replace("END IONS", "BEGIN IONS"),
        "bad-peak.mgf": one.replace("182.118 100.0", "182.118 high"),
        "bad-mass-alone.mgf": one.replace("182.118 100.0", "182.118"),
        "bad-infinite.mgf": one.replace("182.118 100.0", "182.118 inf"),
        "bad-three-numbers.mgf": one.replace("182.118 100.0", "182.118 0.002 100.0"),
        "bad-key-after-peaks.mgf": one.replace("END IONS", "RTINSECONDS=12\nEND IONS"),
        "bad-remark-inside.mgf": one.replace("END IONS", "# remark\nEND IONS"),
        "bad-between.mgf": f"{one}82.065 35\n{one}",
        "bad-masses-alone.mgf": "1014.5 3\n1140.2 9\n",
        "bad-empty.mgf": "",
    }


def msp() -> dict[str, str]:
    """Return MSP files; the damaged ones are in tests/models/test_msp.py."""
    peaks = "\n".join(f"{mz} {height}" for mz, height in PEAKS)
    coded = "Synon: $:0515\nSynon: $:03[M-H]-\nSynon: $:04302.14\nSynon: $:11N"
    return {
        "two.msp": f"Name: a\nNum Peaks: 5\n{peaks}\n\nName: b\nNum Peaks: 5\n{peaks}\n",
        "nist-codes.msp": f"Name: a\n{coded}\nNum Peaks: 5\n{peaks}\n",
    }


def binary(values: Sequence[float], accession: str, name: str, *, bits: int, packed: bool) -> str:
    """Return one binaryDataArray."""
    data = struct.pack(f"<{len(values)}{'d' if bits == 64 else 'f'}", *values)
    data = zlib.compress(data) if packed else data
    text = base64.b64encode(data).decode()
    params = [f"MS:1000{523 if bits == 64 else 521}", f"MS:1000{574 if packed else 576}", accession]
    names = [f"{bits}-bit float", "zlib compression" if packed else "no compression", name]
    told = "".join(
        f'<cvParam cvRef="MS" accession="{a}" name="{n}" value=""/>' for a, n in zip(params, names, strict=True)
    )
    return f'<binaryDataArray encodedLength="{len(text)}">{told}<binary>{text}</binary></binaryDataArray>'


AGILENT = '#"+ESI Scan (0.1 min) Frag=175.0V a.d"\n#Point,X(Thomsons),Y(Counts)\n'
XCALIBUR = "SPECTRUM - MS\na.raw\nFTMS + p ESI sid=35.00 Full ms [50.00-750.00]\nScan #: 11\nRT: 0.07\nData points: 2\n"
CONE = '<cvParam cvRef="MS" accession="MS:1000876" name="cone voltage" value="{}"/>'


def mzml_of(bits: int, *, packed: bool, length: int = len(PEAKS)) -> str:
    """Return a file with one MS2 spectrum."""
    arrays = [
        binary([mz for mz, _ in PEAKS], "MS:1000514", "m/z array", bits=bits, packed=packed),
        binary([height for _, height in PEAKS], "MS:1000515", "intensity array", bits=bits, packed=packed),
    ]
    level = '<cvParam cvRef="MS" accession="MS:1000511" name="ms level" value="2"/>'
    ion = '<cvParam cvRef="MS" accession="MS:1000744" name="selected ion m/z" value="304.1543"/>'
    energy = '<cvParam cvRef="MS" accession="MS:1000045" name="collision energy" value="20"/>'
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<mzML xmlns="http://psi.hupo.org/ms/mzml" version="1.1.0"><run id="r"><spectrumList count="1">\n'
        f'<spectrum index="0" id="scan=1" defaultArrayLength="{length}">{level}<precursorList count="1"><precursor>'
        f'<selectedIonList count="1"><selectedIon>{ion}</selectedIon></selectedIonList>'
        f"<activation>{energy}</activation>"
        f"</precursor></precursorList>\n"
        f'<binaryDataArrayList count="2">{"".join(arrays)}</binaryDataArrayList></spectrum>\n'
        "</spectrumList></run></mzML>\n"
    )


PARAM = '<cvParam cvRef="MS" accession="{}" name="x" value="{}"/>'


def mzml_of_voltages() -> str:
    """Return a file with two readings: the cone goes through 20, 40 and 60 V twice."""
    one = mzml_of(64, packed=True)
    begins, ends = one.index("<spectrum "), one.index("</spectrumList>")
    precursor = one[one.index("<precursorList") : one.index("<binaryDataArrayList")]
    scans = [
        one[begins:ends]
        .replace("scan=1", f"scan={number}")
        .replace(precursor, f"<scanList><scan>{CONE.format(volts)}</scan></scanList>")
        .replace('value="2"', 'value="1"')
        for number, volts in enumerate((20, 40, 60, 20, 40, 60), start=1)
    ]
    return "".join([one[:begins], *scans, one[ends:]])


def mzml() -> dict[str, str]:
    """Return mzML files, good and damaged."""
    good = mzml_of(64, packed=False)
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughs = good.replace("<mzML", f'<!DOCTYPE mzML [<!ENTITY l0 "lol">{entities}]>\n<mzML', 1).replace(
        "scan=1", "&l9;"
    )
    bomb = base64.b64encode(zlib.compress(bytes(2**22), 9)).decode()
    first = good.index("<binary>")
    return {
        "plain-64.mzML": good,
        "zlib-32.mzML": mzml_of(32, packed=True),
        "zlib-64.mzML": mzml_of(64, packed=True),
        "voltages.mzML": mzml_of_voltages(),
        "fault-etd.mzML": good.replace("<activation>", f"<activation>{PARAM.format('MS:1000598', '')}"),
        "fault-precursor-scan.mzML": good.replace("<precursorList", f"{PARAM.format('MS:1000341', '')}<precursorList"),
        "fault-two-ions.mzML": good.replace(
            "</selectedIon>", f"</selectedIon><selectedIon>{PARAM.format('MS:1000744', '182.12')}</selectedIon>"
        ),
        "bad-entities.mzML": laughs,
        "bad-doctype.mzML": good.replace("<mzML", '<!DOCTYPE mzML SYSTEM "file:///etc/passwd">\n<mzML', 1),
        "bad-length.mzML": mzml_of(64, packed=True, length=6),
        "bad-length-enormous.mzML": mzml_of(64, packed=True, length=10**12),
        "bad-zlib-bomb.mzML": mzml_of(64, packed=True).replace(
            mzml_of(64, packed=True).split("<binary>")[1].split("<")[0], bomb
        ),
        "bad-base64.mzML": good[: first + 8] + "!" + good[first + 9 :],
        "bad-numpress.mzML": good.replace("MS:1000576", "MS:1002312"),
        "bad-cut.mzML": good[: len(good) // 2],
        "bad-root.mzML": good.replace("mzML", "mzXML"),
    }


def columns() -> dict[str, str]:
    """Return files of two columns."""
    rows = "".join(f"{400 + 10 * at},{value}\n" for at, value in enumerate(Y))
    mass = "m/z,intensity\n" + "".join(f"{mz},{height}\n" for mz, height in PEAKS)
    agilent = "".join(f"{at},{mz},{height}\n" for at, (mz, height) in enumerate(PEAKS))
    return {
        "raman.csv": f"Raman shift (cm-1),Counts\n{rows}",
        "mass.csv": mass,
        "decimal-comma.csv": "Wavelength (nm);Reflectance\n" + "".join(f"{1600 + at};0,{at + 10}\n" for at in range(9)),
        "german.csv": "m/z;Intensit\u00e4t\n82,065;12.345\n182,1;999\n303,15;1.234,5\n",
        "swapped.csv": "Abundance,Mass\n" + "".join(f"{height},{mz}\n" for mz, height in PEAKS),
        "falling.csv": "m/z,intensity\n" + "".join(f"{mz},{height}\n" for mz, height in reversed(PEAKS)),
        "quoted.csv": '"Mass","Counts"\n"82.065","12,345"\n"182.118","1,234,567.5"\n',
        "agilent.csv": f"{AGILENT}0,82.065,12.5\n1,182.118,99\n",
        "five-columns.csv": "Peak,m/z,m/z error (ppm),Intensity,Relative\n1,82.065,0.1,12,1.2\n2,182.118,0.3,999,100\n",
        "xcalibur.txt": f"{XCALIBUR}Mass\tIntensity\n82.065\t12.5\n182.118\t99\n",
        "bad-two-ways.csv": "m/z;intensity\n82;12.345\n182;999\n",
        "bad-two-marks.csv": "m/z;intensity\n82,065;12\n182.1;999\n",
        "bad-thousands.csv": "m/z;intensity\n82,065;1.2.3\n182,1;999\n",
        "bad-monoisotopic.csv": "Monoisotopic mass,Charge,Intensity\n303.147,1,12\n304.150,1,2\n",
        "bad-three-columns.csv": "1,82.065,12\n2,182.118,99\n",
        "bad-two-masses.csv": "Mass,m/z,Intensity\n1,82.065,12\n",
        "negative.csv": "# Polarity: Negative\nCollision energy (eV),20\n" + mass,
        "electrons.csv": "Ionization mode: EI+ 70 eV\n" + mass,
        "bad-two-scans.csv": f"{AGILENT}{agilent}{AGILENT.replace('+', '-')}{agilent}",
        "bad-two-headings.csv": f"m/z,intensity\n195.09,100\n138.07,30\n{AGILENT.splitlines()[1]}\n{agilent}",
        "bad-retention-time.csv": mass.replace("intensity", "RT (min)"),
        "bad-charge.csv": "m/z,z\n" + "".join(f"{mz},1\n" for mz, _ in PEAKS),
        "bad-logarithm.csv": mass.replace("intensity", "log10(intensity)"),
        "bad-features.csv": "Cpd,RT,Mass,Abund\n1,0.1,82.065,35\n2,0.2,182.118,100\n3,0.4,303.147,20\n",
        "bad-no-heading.csv": rows,
        "bad-row.csv": f"Raman shift (cm-1),Counts\n{rows}x,y\n",
    }


def main() -> None:
    """Write every file, and what becomes of it."""
    FOLDER.mkdir(exist_ok=True)
    texts = {**jcamp(), **bad_jcamp(), **massbank(), **msp(), **mgf(), **mzml(), **columns()}
    files = {name: text.encode() for name, text in texts.items()} | spc() | bad_spc()
    for name, data in files.items():
        (FOLDER / name).write_bytes(data)
    outcome = {name: OUTCOMES.get(name.partition("-")[0], "reads") for name in sorted(files)}
    (FOLDER / "index.json").write_text(json.dumps(outcome, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
