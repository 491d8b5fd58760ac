//! Social cards: which articles have one, what is on it, and when it is drawn again.
#![cfg(feature = "cards")]

use crate::fixture::TestSite;

const CARD: &str = "themes/mine/templates/card.svg";

fn site() -> TestSite {
    TestSite::new().article("local/tunnel", "2026-11-20", "title: Harbour tunnel opens a year early", "Words.").article(
        "local/older",
        "2025-11-20",
        "title: An older one",
        "Words.",
    )
}

/// A site whose theme draws cards with these elements.
fn drawing(inside: &str) -> TestSite {
    let site = site().file("themes/mine/theme.yaml", "name: mine\napi: 1\nextends: broadsheet\n");
    site.write("site.yaml", site.read("site.yaml") + "theme: mine\n");
    site.write(CARD, svg(inside));
    site
}

fn svg(inside: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\">{inside}</svg>")
}

/// What a page says of a property.
fn property(site: &TestSite, page: &str, name: &str) -> Option<String> {
    let html = site.published(page);
    let (_, rest) = html.split_once(&format!("=\"{name}\" content=\""))?;
    Some(rest[..rest.find('"')?].to_owned())
}

fn image(site: &TestSite, page: &str) -> Option<String> {
    property(site, page, "og:image")
}

fn photograph() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(1300, 800).write_to(&mut out, image::ImageFormat::Jpeg).expect("it can be encoded");
    out.into_inner()
}

fn pixel(site: &TestSite, file: &str, x: u32, y: u32) -> [u8; 3] {
    let bytes = std::fs::read(site.path(&format!("public/{file}"))).expect("it is there");
    let card = image::load_from_memory(&bytes).expect("an image").to_rgb8();
    assert_eq!(card.dimensions(), (1200, 630));
    card.get_pixel(x, y).0
}

#[test]
fn an_article_without_a_photograph_has_a_card() {
    let site = site()
        .file("static/tram.jpg", photograph())
        .file("static/map.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>")
        .article("local/shown", "2026-11-19", "image: {src: /tram.jpg, alt: A tram}", "x")
        .article("local/drawn", "2026-11-18", "image: {src: /map.svg, alt: A map}", "x")
        .article("local/draft", "2026-11-18", "draft: true", "x")
        .article("local/tomorrow", "2026-11-24", "", "x")
        .file("content/about.md", "---\ntitle: About\n---\nx\n");
    site.build();
    let card = image(&site, "local/tunnel/index.html").expect("a card");
    assert!(card.starts_with("https://test.example/local/tunnel/social-card.png?v="), "{card}");
    let of = |name| property(&site, "local/tunnel/index.html", name);
    assert_eq!(of("og:image:width").as_deref(), Some("1200"));
    assert_eq!(of("og:image:height").as_deref(), Some("630"));
    assert_eq!(of("og:image:alt").as_deref(), Some("Harbour tunnel opens a year early"));
    assert_eq!(of("twitter:card").as_deref(), Some("summary_large_image"));
    assert_eq!(pixel(&site, "local/tunnel/social-card.png", 600, 5), [0xa3, 0x16, 0x1d]);
    let has_card = |slug: &str| site.has(&format!("public/local/{slug}/social-card.png"));
    assert!(has_card("drawn") && has_card("older"), "no network shows an SVG");
    assert!(!has_card("shown") && !has_card("draft") && !has_card("tomorrow"));
    assert!(image(&site, "local/shown/index.html").expect("an image").contains("tram"));
    // Everything else that can be shared shows the card of its section or of the front page.
    for (page, card) in [
        ("about/index.html", "/social-card.png?v="),
        ("index.html", "/social-card.png?v="),
        ("archive/index.html", "/social-card.png?v="),
        ("2026/11/index.html", "/social-card.png?v="),
        ("local/index.html", "/local/social-card.png?v="),
    ] {
        let shown = image(&site, page).expect("a card");
        assert!(shown.starts_with(&format!("https://test.example{card}")), "{page}: {shown}");
    }
}

#[test]
fn site_yaml_says_which_articles_have_a_card_of_their_own() {
    let site =
        site().file("static/tram.jpg", photograph()).article("local/shown", "2026-11-19", "image: /tram.jpg", "x");
    let plain = site.read("site.yaml");
    let cards = |value: &str| {
        site.write("site.yaml", format!("{plain}cards: {value}\n"));
        site.build();
        ["tunnel", "older", "shown"].map(|slug| {
            let is_there = site.has(&format!("public/local/{slug}/social-card.png"));
            let shown = image(&site, &format!("local/{slug}/index.html"));
            let is_named = shown.is_some_and(|url| url.contains(&format!("/{slug}/social-card")));
            assert_eq!(is_there, is_named, "{slug}");
            is_there
        })
    };
    assert_eq!(cards("true"), [true, true, false]);
    assert_eq!(cards("all"), [true, true, false]);
    assert_eq!(cards("1"), [true, false, false]);
    let of_section = image(&site, "local/older/index.html").expect("a card");
    assert!(of_section.starts_with("https://test.example/local/social-card.png?v="), "{of_section}");
    assert_eq!(cards("0"), [false, false, false]);
    assert!(site.has("public/local/social-card.png"));
    assert_eq!(cards("false"), [false, false, false]);
    assert!(!site.has("public/local/social-card.png") && image(&site, "local/index.html").is_none());
    for wrong in ["imageless", "-1", "[1]", "{ for: all }"] {
        site.write("site.yaml", format!("{plain}cards: {wrong}\n"));
        let run = site.try_build(&[]);
        assert!(run.diagnostics()[0].starts_with("error site.yaml:3:8 "), "{:?}", run.diagnostics());
        assert!(run.diagnostics()[0].contains("how many of the newest articles"), "{:?}", run.diagnostics());
    }
}

#[test]
fn an_article_that_leaves_the_window_shows_the_card_of_its_section() {
    let site = site();
    site.write("site.yaml", site.read("site.yaml") + "cards: 2\n");
    site.build();
    site.write_article("local/newest", "2026-11-21", "title: The newest", "Words.");
    site.build();
    site.assert_equals_clean("an article that enters the window of cards");
    let own = |slug: &str| site.has(&format!("public/local/{slug}/social-card.png"));
    assert!(own("newest") && own("tunnel") && !own("older"));
    site.remove("content/local/newest.md");
    site.build();
    site.assert_equals_clean("an article that comes back into the window of cards");
    assert!(own("older"));
}

#[test]
fn without_cards_the_logo_of_the_publisher_is_shared() {
    let site = site().file("static/logo.jpg", photograph());
    let plain = site.read("site.yaml");
    for (logo, shown) in [("/logo.jpg", Some("https://test.example/logo.jpg")), ("/logo.svg", None)] {
        site.write("site.yaml", format!("{plain}cards: false\npublisher: {{name: Test House, logo: {logo}}}\n"));
        site.build();
        assert_eq!(image(&site, "local/tunnel/index.html").as_deref(), shown);
        assert_eq!(image(&site, "index.html").as_deref(), shown);
    }
}

#[test]
fn a_card_of_the_owner_stands_for_the_drawn_one() {
    let site = site().file("static/social-card.png", "own");
    site.build();
    assert_eq!(site.published("social-card.png"), "own");
}

#[test]
fn a_card_changes_with_what_it_shows_and_its_address_with_it() {
    let site = drawing("<text>{% set card = article or listing %}{{ card.title }}</text>");
    site.build();
    let first = image(&site, "local/tunnel/index.html");
    // The body is on no card.
    site.write_article("local/tunnel", "2026-11-20", "title: Harbour tunnel opens a year early\nsummary: S", "Words.");
    site.build();
    let summary = image(&site, "local/tunnel/index.html");
    site.write_article(
        "local/tunnel",
        "2026-11-20",
        "title: Harbour tunnel opens a year early\nsummary: S",
        "Other words.",
    );
    let run = site.build();
    // The page, the feeds of all and of the section, and files of the search.
    assert!(site.published("local/tunnel/index.html").contains("Other words."));
    assert_eq!(image(&site, "local/tunnel/index.html"), summary);
    assert!(run.number("written") > 0);
    site.write_article("local/tunnel", "2026-11-20", "title: Harbour tunnel opens", "Other words.");
    site.build();
    let other = image(&site, "local/tunnel/index.html");
    assert_ne!(first, other);
    // Another drawing is another card for all.
    let older = image(&site, "local/older/index.html");
    site.write(CARD, svg("<rect width=\"1200\" height=\"630\" fill=\"#00ff00\"/>"));
    site.build();
    assert_ne!(image(&site, "local/older/index.html"), older);
    assert_eq!(pixel(&site, "local/tunnel/social-card.png", 600, 300), [0, 255, 0]);
    assert_eq!(site.build().number("written"), 0);
    site.assert_equals_clean("edits of cards");
}

#[test]
fn without_the_template_there_are_no_cards() {
    let site = drawing("");
    site.build();
    assert!(site.has("public/local/tunnel/social-card.png"));
    site.write("themes/mine/theme.yaml", "name: mine\napi: 1\nextends: parent\n");
    for template in ["article", "page", "front", "listing", "404"] {
        site.write(&format!("themes/parent/templates/{template}.html"), "<head>{{ head() }}</head>");
    }
    site.remove(CARD);
    site.build();
    assert!(!site.has("public/local/tunnel/social-card.png"));
    assert_eq!(image(&site, "local/tunnel/index.html"), None);
}

#[test]
fn a_file_on_the_card_is_one_of_the_site_or_of_the_theme() {
    let site = drawing(
        "<image href=\"/logo.svg\" width=\"600\" height=\"630\"/><image href=\"marks/right.svg\" x=\"600\" width=\"600\" height=\"630\"/><image href=\"/../outside.svg\" width=\"1200\" height=\"630\"/>",
    );
    let square = |colour: &str| svg(&format!("<rect width=\"1200\" height=\"630\" fill=\"{colour}\"/>"));
    site.write("static/logo.svg", square("#ff0000"));
    site.write("themes/mine/static/marks/right.svg", square("#0000ff"));
    site.write("outside.svg", square("#00ff00"));
    site.build();
    let colours = || [300, 900].map(|x| pixel(&site, "local/tunnel/social-card.png", x, 300));
    assert_eq!(colours(), [[255, 0, 0], [0, 0, 255]]);
    // As large as before.
    site.write("static/logo.svg", square("#ffff00"));
    site.build();
    assert_eq!(colours(), [[255, 255, 0], [0, 0, 255]]);
    site.assert_equals_clean("another logo");
}

#[test]
fn letters_are_those_of_the_fonts_of_the_theme() {
    let site = drawing(
        "<text x=\"80\" y=\"300\" font-family=\"Noto Sans\" font-size=\"90\">{% set card = article or listing %}{{ card.title }}</text>",
    );
    site.build();
    let card = || std::fs::read(site.path("public/local/tunnel/social-card.png")).expect("it is there");
    let sans = card();
    // The theme's own file of the name is the serif one.
    let serif = courant::theme::built_in_file("broadsheet", "fonts/NotoSerifDisplay-Bold.ttf");
    site.write("themes/mine/fonts/NotoSans-Bold.ttf", serif.expect("a font"));
    site.build();
    assert_ne!(card(), sans);
    assert!(!site.has("public/assets/NotoSans-Bold.ttf") && !site.has("public/fonts"));
    site.assert_equals_clean("another font");
}

#[test]
fn fonts_of_the_machine_help_out_and_are_noticed() {
    let home = crate::fixture::folder();
    let build = |site: &TestSite| {
        let mut command = site.command();
        command.env("HOME", home.path()).args(["build", "--json", "--explain", "--at", crate::fixture::NOW]);
        String::from_utf8(command.output().expect("the program runs").stdout).expect("text")
    };
    let site = drawing("<text x=\"80\" y=\"300\" font-family=\"Test Serif Display\" font-size=\"90\">Fire</text>");
    let card = || std::fs::read(site.path("public/local/tunnel/social-card.png")).expect("it is there");
    assert!(build(&site).contains("\"event\":\"summary\""));
    let without = card();
    assert!(build(&site).contains("\"rendered\":0,\"written\":0"));
    // A font of that name comes: one of ours under another one.
    let font = courant::theme::built_in_file("broadsheet", "fonts/NotoSerifDisplay-Bold.ttf").expect("a font");
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let (from, to) = (utf_16("Noto Serif"), utf_16("Test Serif"));
    let mut renamed = font.clone();
    for at in 0..font.len() - from.len() {
        if font[at..].starts_with(&from) {
            renamed[at..at + to.len()].copy_from_slice(&to);
        }
    }
    std::fs::create_dir_all(home.path().join(".fonts")).expect("a folder");
    std::fs::write(home.path().join(".fonts/another.ttf"), renamed).expect("written");
    // Those of two articles, of their section and of the front page.
    assert!(build(&site).contains("\"rendered\":0,\"written\":4"), "the pages stay as they are");
    assert_ne!(card(), without);
    // Who needs none does not care.
    site.write(CARD, svg("<text font-family=\"Noto Sans\">{% set card = article or listing %}{{ card.title }}</text>"));
    build(&site);
    std::fs::remove_file(home.path().join(".fonts/another.ttf")).expect("removed");
    assert!(build(&site).contains("\"rendered\":0,\"written\":0"));
}

#[test]
fn what_is_wrong_with_a_card_is_said_at_its_template() {
    let site = drawing("");
    let first = |inside: &str| {
        site.write(CARD, inside);
        let run = site.try_build(&[]);
        assert_eq!(run.code, 1);
        run.diagnostics().first().cloned().unwrap_or_default()
    };
    let small = first("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"20\"></svg>");
    assert_eq!(
        small,
        format!("error {CARD} the social card cannot be drawn: it is 10 × 20 pixels large, and a card is 1200 × 630")
    );
    assert!(first("<svg>").starts_with(&format!("error {CARD} the social card cannot be drawn: ")));
    assert!(first(&svg("{{ article.titel }}")).starts_with(&format!("error {CARD}:1:")));
    let sizes = first(&svg("{{ fit_text(text=\"a\", width=900, sizes=[0], font=\"x\") }}"));
    assert!(sizes.contains("fit_text() takes 1 to 20 `sizes`"), "{sizes}");
    // A title is text, whatever is in it.
    site.write(CARD, svg("<text>{% set card = article or listing %}{{ card.title }}</text>"));
    site.write_article("local/tunnel", "2026-11-20", "title: 'a < b & \"c\" </text>'", "x");
    site.build();
}

#[test]
fn a_file_of_that_name_in_a_bundle_is_a_collision() {
    let site = TestSite::new()
        .article("local/bundle/index", "2026-11-20", "", "x")
        .file("content/local/bundle/social-card.png", photograph());
    let run = site.try_build(&[]);
    assert_eq!(run.code, 1);
    assert!(run.diagnostics()[0].contains("local/bundle/social-card.png"), "{:?}", run.diagnostics());
    assert_eq!(run.hints(), ["rename the file, or write `cards: false` in site.yaml"]);
}

#[test]
fn words_on_a_card_can_be_read_whatever_the_accent() {
    let site = site();
    site.write("site.yaml", format!("{}theme_settings: {{ accent: \"#ffee00\" }}\n", site.read("site.yaml")));
    site.build();
    let card = "local/tunnel/social-card.png";
    assert_eq!(pixel(&site, card, 600, 5), [0xff, 0xee, 0x00], "the bar has the colour");
    let bytes = std::fs::read(site.path(&format!("public/{card}"))).expect("it is there");
    let drawn = image::load_from_memory(&bytes).expect("an image").to_rgb8();
    let is_yellow = |x, y| {
        let [r, g, b] = drawn.get_pixel(x, y).0;
        r > 200 && g > 180 && b < 100
    };
    assert!(!(15..630).any(|y| (0..1200).any(|x| is_yellow(x, y))), "and no word has it");
    assert!((80..400).any(|x| drawn.get_pixel(x, 178).0[0] < 60), "the section is there");
}

/// How far two cards are apart: how many parts of colours differ by more than a quarter, and the mean of all from 0
/// to 255.
fn apart(one: &[u8], other: &[u8]) -> (usize, f64) {
    let of = |png| image::load_from_memory(png).expect("an image").to_rgb8().into_raw();
    let (one, other) = (of(one), of(other));
    let differences = || one.iter().zip(&other).map(|(a, b)| a.abs_diff(*b));
    (
        differences().filter(|difference| *difference > 64).count(),
        differences().map(f64::from).sum::<f64>() / one.len() as f64,
    )
}

#[test]
fn cards_of_shared_pieces_look_as_those_that_are_drawn_in_one_go() {
    let titles = [
        ("latin", "Harbour tunnel opens a year early, “at last” – affluent ferrymen office"),
        (
            "long",
            "Council votes again, after nine hours and a cold supper, on the price of herring at Quay Three and on a bridge that nobody asked for",
        ),
        ("word", "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"),
        ("accents", "Ça s’est passé à Łódź: Ǻngström, e\u{301}te\u{301}, Příliš žluťoučký kůň"),
        ("greek", "Η σήραγγα του λιμανιού ανοίγει νωρίτερα"),
        ("cyrillic", "Тоннель в гавани откроется на год раньше"),
        ("arabic", "افتتاح نفق الميناء قبل عام من موعده"),
        ("hebrew", "מנהרת הנמל נפתחת שנה מוקדם"),
        ("mixed", "Harbour نفق opens, שנה 2026 early"),
        ("japanese", "港のトンネル、一年早く開通"),
        ("hindi", "बंदरगाह सुरंग एक साल पहले खुली"),
        ("emoji", "Tunnel 🚇 opens ☀ early ✓ 👩‍🚒"),
        ("short", "Fire"),
    ];
    let template = courant::theme::built_in_file("broadsheet", "templates/card.svg").expect("a template");
    let template = String::from_utf8(template).expect("text");
    for (theme, lang) in [("broadsheet", "en"), ("wire", "en"), ("broadsheet", "ar")] {
        let mut site = TestSite::new();
        for (slug, title) in titles {
            let front = format!("title: \"{title}\"\nkind: analysis\nauthors: [Zoë Wiśniewska, Ωmega]");
            site = site.article(&format!("local/{slug}"), "2026-11-20", &front, "Words.");
        }
        let site = site
            .file("themes/mine/theme.yaml", format!("name: mine\napi: 1\nextends: {theme}\n"))
            .file("content/local/_index.md", "---\ntitle: Local\ndescription: All about “the” harbour.\n---\n");
        site.write("site.yaml", format!("{}theme: mine\nlanguage: {lang}\ncards: all\n", site.read("site.yaml")));
        let cards = || {
            site.build();
            let articles = titles.map(|(slug, _)| format!("local/{slug}/social-card.png"));
            let listings = ["social-card.png", "local/social-card.png"].map(str::to_owned);
            let read = |path| (std::fs::read(site.path(&format!("public/{path}"))).expect("a card"), path);
            articles.into_iter().chain(listings).map(read).collect::<Vec<_>>()
        };
        let of_pieces = cards();
        // What may be styled from elsewhere is not taken apart.
        site.write(CARD, template.replace("</svg>", "<style/></svg>"));
        let whole = cards();
        let (mut others, mut bytes) = (0, (0, 0));
        for ((pieces, path), (whole, _)) in of_pieces.iter().zip(&whole) {
            let (far, mean) = apart(pieces, whole);
            assert!(far < 100 && mean < 0.5, "{theme}, {lang}, {path}: {far} are far apart, {mean} on average");
            bytes = (bytes.0 + pieces.len(), bytes.1 + whole.len());
            others += usize::from(pieces != whole);
        }
        assert!(others > titles.len() / 2, "{others} cards were drawn in another way");
        assert!(bytes.0 * 50 < bytes.1 * 51, "{theme}, {lang}: {bytes:?} bytes");
    }
}
