"""Pictures: the page knows their size, their files tell nothing, phones get smaller ones."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from actors import BlogFolder
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational
from playwright.sync_api import Browser

from pingback_server.domain.errors import BadSetting, BuildFailed

SECRETS = (b"Camille's camera", b"48.8566", b"GPS", b"Exif", b"http://ns.adobe.com/xap", b"a note")

OWN = '<picture><source srcset="/images/boat.webp"><img src="/images/dot.png" alt="A"></picture>'


def photograph(size: tuple[int, int] = (1600, 1000), mode: str = "RGB") -> Image.Image:
    """Something with an upper left corner, and enough detail to weigh something."""
    picture = Image.radial_gradient("L").resize(size).convert(mode)
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="red")
    return picture


def exif_of_a_phone(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0110] = "Camille's camera"
    exif[0x0112] = orientation
    degrees = (IFDRational(48, 1), IFDRational(51, 1), IFDRational(24, 1))
    exif.get_ifd(0x8825).update({1: "N", 2: degrees, 3: "E", 4: degrees})
    return exif


def save(blog: BlogFolder, name: str, picture: Image.Image, **options: object) -> Path:
    place = blog.folder / "content" / "images" / name
    place.parent.mkdir(exist_ok=True)
    picture.save(place, **options)
    return place


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """A blog with pictures of every kind, each full of what nobody should read."""
    with BlogFolder.init(tmp_path_factory.mktemp("pictures") / "blog") as blog:
        told = PngInfo()
        told.add_text("Comment", "a note")
        told.add_itxt("XML:com.adobe.xmp", "http://ns.adobe.com/xap")
        xmp = b"<x>http://ns.adobe.com/xap</x>"
        camera = {"exif": exif_of_a_phone(), "xmp": xmp}
        save(blog, "harbour.jpg", photograph(), comment=b"a note", **camera)
        save(blog, "saved.jfif", photograph((80, 50)), **camera)
        save(blog, "lying.jpg", photograph(), exif=exif_of_a_phone(6))
        save(
            blog,
            "chart.png",
            photograph((700, 300), "RGBA"),
            pnginfo=told,
            exif=camera["exif"],
        )
        save(blog, "boat.webp", photograph((900, 600)), **camera)
        save(blog, "boat.avif", photograph((300, 200)), **camera)
        save(blog, "scan.tiff", photograph((300, 200)), exif=camera["exif"])
        save(blog, "dot.png", photograph((16, 16)))
        row = bytes(600) + (20_000).to_bytes(2, "little") * 300
        halves = Image.frombytes("I;16", (600, 40), row * 40)
        save(blog, "grey.png", halves)
        save(blog, "tall.png", photograph((40, 17_000)))
        several = {"format": "MPO", "save_all": True, "append_images": [photograph((800, 500))]}
        save(blog, "phone.jpg", photograph((800, 500)), quality=95, **several)
        frames = [photograph((600, 100)), photograph((600, 120)).crop((0, 10, 600, 110))]
        save(blog, "turning.gif", frames[0], save_all=True, append_images=frames[1:])
        drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200"/>'
        (blog.folder / "content/images/plan.svg").write_text(drawing, "utf-8")
        text = "\n\n".join(
            (
                '![A harbour]({static}/images/harbour.jpg "The harbour at <six>")',
                "![The same]({static}/images/lying.jpg)",
                "![A chart](/images/chart.png)",
                "![A boat]({static}images/boat.webp) ![Another]({static}/images/boat.avif)",
                "![It turns]({static}/images/turning.gif)",
                "![A plan]({static}/images/plan.svg)",
                "![A dot]({static}/images/dot.png)",
                OWN,
                "![Set src=a.png]({static}/images/dot.png)",
                "![Grey](/images/grey.png) ![Tall](/images/tall.png) ![Phone](/images/phone.jpg)",
                "`<img src=x>` is how it is written.",
            )
        )
        blog.write_post("album", "Album", text)
        blog.write_post("draft", "Draft", "![Secret]({static}/images/secret.png)", Status="draft")
        save(blog, "secret.png", photograph((500, 500)))
        blog.build()
        yield blog


def opened(place: Path) -> Image.Image:
    return Image.open(BytesIO(place.read_bytes())).convert("RGB")


class Images(HTMLParser):
    """The images of a page by their alternative text, with the sources offered for each."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: dict[str, dict[str, str | None]] = {}
        self.sources: dict[str, list[dict[str, str | None]]] = {}
        self._offered: list[dict[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "picture":
            self._offered = []
        elif tag == "source":
            self._offered.append(dict(attrs))
        elif tag == "img":
            image = dict(attrs)
            self.all[str(image["alt"])] = image
            self.sources[str(image["alt"])] = self._offered
            self._offered = []


def images(blog: BlogFolder) -> Images:
    return Images(blog.page("album"))


def size_in_page(blog: BlogFolder, name: str) -> tuple[str | None, str | None]:
    image = images(blog).all[name]
    return image.get("width"), image.get("height")


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("A harbour", ("1600", "1000")),
        ("The same", ("1000", "1600")),
        ("A chart", ("700", "300")),
        ("A boat", ("900", "600")),
        ("It turns", ("600", "100")),
        ("A plan", ("320", "200")),
    ],
)
def test_the_page_knows_the_size_of_each_picture(
    album: BlogFolder, name: str, size: tuple[str, str]
) -> None:
    assert size_in_page(album, name) == size


def test_all_pictures_but_the_first_load_when_they_are_reached(album: BlogFolder) -> None:
    loading = {name: image.get("loading") for name, image in images(album).all.items()}

    # The last is in a <picture> of the author's.
    assert [name for name, when in loading.items() if when != "lazy"] == ["A harbour", "A"]


@pytest.mark.parametrize(
    "name",
    ["harbour.jpg", "saved.jfif", "lying.jpg", "chart.png", "boat.webp", "boat.avif", "scan.tiff"],
)
def test_a_published_picture_tells_nothing_of_who_made_it(album: BlogFolder, name: str) -> None:
    before = (album.folder / "content/images" / name).read_bytes()
    published = (album.output / "images" / name).read_bytes()

    assert any(secret in before for secret in SECRETS)
    assert not [secret for secret in SECRETS if secret in published]
    # A TIFF says by such tags how large it is.
    assert name == "scan.tiff" or not Image.open(BytesIO(published)).getexif()


@pytest.mark.parametrize(
    "name", ["harbour.jpg", "chart.png", "boat.webp", "boat.avif", "scan.tiff"]
)
def test_a_published_picture_is_the_same_picture(album: BlogFolder, name: str) -> None:
    before = opened(album.folder / "content/images" / name)
    published = opened(album.output / "images" / name)

    assert published.size == before.size
    for place in ((10, 10), (before.width - 10, before.height // 2)):
        ours, theirs = published.getpixel(place), before.getpixel(place)
        assert all(abs(one - other) < 12 for one, other in zip(ours, theirs, strict=True))


def test_a_picture_taken_sideways_is_published_upright(album: BlogFolder) -> None:
    upright = opened(album.output / "images/lying.jpg")

    # The red corner of the camera's upper left is at the upper right, as it was seen.
    assert upright.size == (1000, 1600)
    assert upright.getpixel((980, 20))[1] < 60
    assert upright.getpixel((20, 20))[0] < 200 or upright.getpixel((20, 20))[1] > 60


def test_smaller_copies_are_offered_in_two_formats_and_never_larger_than_the_picture(
    album: BlogFolder,
) -> None:
    offered = images(album).sources
    widths = {
        name: [re.findall(r" (\d+)w", str(source["srcset"])) for source in sources]
        for name, sources in offered.items()
    }

    assert widths["A harbour"] == [["480", "800", "1200"]] * 2
    assert widths["A chart"] == [["480", "700"]] * 2
    assert widths["A dot"] == [["16"]] * 2
    assert [source["type"] for source in offered["A harbour"]] == ["image/avif", "image/webp"]
    assert widths["It turns"] == widths["A plan"] == []


def test_every_copy_that_is_offered_is_there_and_as_wide_as_it_says(album: BlogFolder) -> None:
    page = album.page("album")
    offered = re.findall(r"[ \"]/(pictures/\S+) (\d+)w", page)

    assert len(offered) == 36
    for path, width in offered:
        copy = Image.open(BytesIO((album.output / path).read_bytes()))
        assert copy.width == int(width)
        assert not copy.getexif()


def test_a_picture_of_sixteen_bits_keeps_its_greys(album: BlogFolder) -> None:
    [copy] = (album.output / "pictures").glob("grey-*-480.webp")

    assert opened(copy).getpixel((400, 20))[0] in range(70, 85)


def test_a_picture_that_is_too_high_for_a_copy_is_shown_as_it_is(album: BlogFolder) -> None:
    assert images(album).sources["Tall"] == []


def test_of_a_phone_s_several_pictures_in_one_the_first_is_shown(album: BlogFolder) -> None:
    published = Image.open(BytesIO((album.output / "images/phone.jpg").read_bytes()))

    assert published.format == "JPEG"
    assert max(published.quantization[0]) < 30  # finer than what would be seen
    assert len(images(album).sources["Phone"]) == 2


def test_words_that_look_like_a_tag_stay_words(album: BlogFolder) -> None:
    assert images(album).all["Set src=a.png"]["src"] == "/images/dot.png"


def test_a_picture_of_a_draft_has_no_copy_in_the_output(album: BlogFolder) -> None:
    assert not list((album.output / "pictures").glob("secret*"))


def test_what_the_author_wrote_as_a_picture_stays_as_it_is(album: BlogFolder) -> None:
    assert OWN in album.page("album")


def test_code_that_speaks_of_images_stays_code(album: BlogFolder) -> None:
    assert "<code>&lt;img src=x&gt;</code>" in album.page("album")


def test_an_image_alone_with_a_title_is_a_figure(album: BlogFolder) -> None:
    page = album.page("album")

    assert "<figcaption>The harbour at &lt;six&gt;</figcaption>" in page
    assert page.count("<figure>") == 1
    assert "title" not in images(album).all["A harbour"]


def test_a_second_build_makes_no_picture_again(album: BlogFolder) -> None:
    cache = album.folder / "cache" / "pictures"
    before = {place: place.stat().st_mtime_ns for place in cache.rglob("*") if place.is_file()}
    assert before

    album.build()

    assert {place: place.stat().st_mtime_ns for place in before} == before
    assert len([place for place in cache.rglob("*") if place.is_file()]) == len(before)


def test_without_the_cache_the_same_bytes_are_published(album: BlogFolder) -> None:
    before = album.pages()
    for place in (album.folder / "cache" / "pictures").rglob("*"):
        if place.is_file():
            place.unlink()

    built = album.build()

    assert album.pages() == before
    assert built.written == ()


def test_the_author_s_own_files_are_left_alone(album: BlogFolder) -> None:
    assert b"Camille's camera" in (album.folder / "content/images/harbour.jpg").read_bytes()


def test_a_picture_that_cannot_be_read_is_not_published(blog: BlogFolder) -> None:
    place = save(blog, "broken.jpg", photograph())
    place.write_bytes(place.read_bytes()[:3000])

    with pytest.raises(BuildFailed, match=r"images/broken.jpg: cannot be published, since it is"):
        blog.build()


def test_nor_is_what_a_phone_writes_and_no_browser_shows(blog: BlogFolder) -> None:
    (blog.folder / "content/images").mkdir(exist_ok=True)
    (blog.folder / "content/images/phone.HEIC").write_bytes(b"\0\0\0\x18ftypheic and where it was")

    with pytest.raises(BuildFailed, match=r"images/phone.HEIC: cannot be published, since it is"):
        blog.build()


# Its pixels say that they are a byte longer than they are: what follows has no name that could be.
BROKEN_PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\6\0\0\0\x1f\x15\xc4\x89"
    b"\0\0\0\rIDATx\x9cc\xf8\xff\xff?\0\5\xfe\2\xfe\r\xefF\xb8\0\0\0\0IEND\xaeB`\x82"
)


def test_nor_is_a_png_with_a_broken_piece(blog: BlogFolder) -> None:
    (blog.folder / "content/images").mkdir(exist_ok=True)
    (blog.folder / "content/images/broken.png").write_bytes(BROKEN_PNG)

    with pytest.raises(BuildFailed, match=r"images/broken.png: cannot be published, since it is"):
        blog.build()


def test_a_picture_of_too_many_pixels_is_not_opened(blog: BlogFolder) -> None:
    header = struct.pack(">II5B", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 13, b"IHDR") + header
    (blog.folder / "content/images").mkdir(exist_ok=True)
    (blog.folder / "content/images/bomb.png").write_bytes(bomb + bytes(4))

    with pytest.raises(BuildFailed, match=r"bomb.png: cannot be published"):
        blog.build()


def test_the_author_chooses_widths_and_formats(blog: BlogFolder) -> None:
    blog.configure("PICTURES = {'widths': [300], 'formats': ['webp'], 'quality': 40}")
    save(blog, "harbour.jpg", photograph())
    blog.write_post("album", "Album", "![A harbour]({static}/images/harbour.jpg)")

    blog.build()

    names = [place.name for place in (blog.output / "pictures").iterdir()]
    assert len(names) == 1
    assert names[0].endswith("-300.webp")


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ("'small'", "PICTURES has to be a dictionary, not 'small'"),
        ("{'width': (1,)}", "PICTURES['width'] is not a setting (known: widths, formats, quality)"),
        ("{'widths': 800}", "PICTURES['widths'] has to be a list, not 800"),
        ("{'widths': (8,)}", "PICTURES['widths'] has to hold whole numbers from 16 to 4000"),
        ("{'formats': ('jxl',)}", "PICTURES['formats'] may hold 'avif' and 'webp' only"),
        ("{'quality': 0}", "PICTURES['quality'] has to be a whole number from 1 to 100, not 0"),
    ],
)
def test_a_wrong_choice_is_named(blog: BlogFolder, given: str, complaint: str) -> None:
    blog.configure(f"PICTURES = {given}")

    with pytest.raises((BuildFailed, BadSetting), match=re.escape(complaint)):
        blog.build()


@pytest.mark.browser
@pytest.mark.parametrize(("scale", "expected"), [(1, "-480.avif"), (3, "-1200.avif")])
def test_a_phone_loads_the_copy_that_fits_its_screen(
    album: BlogFolder, browser: Browser, scale: int, expected: str
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=scale)
    page = context.new_page()

    def serve(route) -> None:
        path = route.request.url.removeprefix("http://localhost:8000/")
        place = album.output / (path or "index.html")
        route.fulfill(path=place / "index.html" if place.is_dir() else place)

    page.route("http://localhost:8000/**", serve)
    page.goto(f"http://localhost:8000{album.address('album')}")

    shown = page.locator('img[alt="A harbour"]').evaluate("image => image.currentSrc")
    assert shown.endswith(expected)
    context.close()
