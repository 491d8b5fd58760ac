use super::*;

fn parse(text: &str) -> Node {
    Node::parse(text, 0).expect("YAML")
}

fn error(text: &str) -> (String, u32, u32) {
    let error = Node::parse(text, 0).expect_err("not YAML");
    (error.in_words().0, error.mark().line, error.mark().column)
}

#[test]
fn a_plain_scalar_keeps_its_text() {
    let node = parse("a: 1.10\nb: 1e3\nc: [007, 0x1F, 1_000, .5, +5, -0]\nd: 2026-11-23\ne: yes\nf: True\n");
    let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    assert_eq!(text("a").as_deref(), Some("1.10"));
    assert_eq!(text("b").as_deref(), Some("1e3"));
    let items: Vec<&str> = node.get("c").and_then(Node::items).expect("a list").iter().filter_map(Node::text).collect();
    assert_eq!(items, ["007", "0x1F", "1_000", ".5", "+5", "-0"]);
    assert!(items.iter().all(|text| matches!(Scalar::plain(text), Scalar::Text(_))));
    assert_eq!(Scalar::plain("1.5"), Scalar::Float(1.5));
    assert_eq!(Scalar::plain("-12"), Scalar::Negative(-12));
    assert_eq!(Scalar::plain("18446744073709551615"), Scalar::Unsigned(u64::MAX));
    assert_eq!(Scalar::plain("TRUE"), Scalar::Boolean(true));
    assert!(parse("a:\nb: ~\n").entries().expect("a map").iter().all(|entry| entry.value.is_null()));
    assert_eq!(parse("!!str 12").scalar(), Some(Scalar::Text("12")));
}

#[test]
fn keys_and_values_know_their_places() {
    let node = Node::parse("ä: x\nb: [one, 'two']\nc:\n  d: |\n    block\n  e: {f: g}\n", 3).expect("YAML");
    let at = |mark: Mark| (mark.line, mark.column, mark.length);
    let entry = |key: &str| node.entry(key).expect("there");
    assert_eq!((at(entry("ä").key.mark), at(entry("ä").value.mark)), ((4, 1, 1), (4, 4, 1)));
    assert_eq!(at(entry("b").value.items().expect("a list")[1].mark), (5, 10, 5));
    let c = &entry("c").value;
    assert_eq!(at(c.entry("d").expect("there").mark()), (7, 3, 1), "a block is pointed at by its key");
    assert_eq!(at(c.get("e").and_then(|e| e.get("f")).expect("there").mark), (9, 10, 1));
}

#[test]
fn places_and_texts_are_right_behind_every_kind_of_value() {
    let before = [
        "'it''s': '''a'",
        r#""\\a": "a \"b\" # c""#,
        "a: \"two\n  lines\"",
        "a: two\n  lines # [",
        "a: |\n  # text\n   [ {\n\n",
        "a: >-\n  x\n  y",
        "a: |2\n   x",
        "a:\n|\n  x",
        "a:\nb: ~\nnull: null",
        "a: &a\nb: !!str\nc: !x y",
        "a: &a [1, {b, c: 'd', e: [[], {}]}, f: g,]\nb: *a",
        "a: &a 1.10\n*a : b\n&b c: *a",
        "a:\n- &a\n  b: 1\n  c:\n  - ~\n-\n- - x\n  - *a",
        "? a\n: - b\n? c\n? ? d\n: e",
        "? [a, b]\n: {c: , null: }",
        "a: !t {\"b\":1,'c': 0x1F}",
        "a: http://x.example:80/#b\r\nc: ['#', \"]\"]",
        "# a: b\n\n--- # c\na: \u{e4}\u{2028}",
    ];
    for before in before {
        let text = format!("{before}\nlast: [ +1_0, 1.10 ]\n");
        let node = Node::parse(&text, 0).unwrap_or_else(|error| panic!("{error}: {text}"));
        let last = node.get("last").and_then(Node::items).unwrap_or_else(|| panic!("{text}: {node:?}"));
        let found: Vec<_> = last.iter().map(|item| (item.text(), item.mark)).collect();
        let line = text.lines().count() as u32;
        let mark = |column, length| Mark { line, column, length };
        assert_eq!(found, [(Some("+1_0"), mark(9, 4)), (Some("1.10"), mark(15, 4))], "{text}");
    }
    let node = parse("a: &a 1.10\n*a : b\nc: [*a, &d x, *d]\n");
    let names: Vec<_> = node.entries().expect("a map").iter().map(Entry::name).collect();
    assert_eq!(names, ["a", "1.10", "c"]);
    let items = node.get("c").and_then(Node::items).expect("a list");
    let columns: Vec<_> = items.iter().map(|item| item.mark.column).collect();
    assert_eq!(columns, [5, 12, 15], "an alias has a place of its own");
}

#[test]
fn brackets_in_text_are_not_nesting() {
    let text = "- 'a[' # b[\n- b [c] it's\n- \"a[\" # [x]\n- [d, [e], \"[\", '{', f'] # {}\n".repeat(10 * MAX_DEPTH);
    assert!(Node::parse(&text, 0).is_ok());
    for hidden in ["x: y \"z\n", "x: it's [ 'a\n", "x: [\"]\", a 'b, '[', {c: \"}\"}]\n", "x: |\n  [ \"\n"] {
        let text = format!("{hidden}a: {}", "{\"]\": ".repeat(50_000));
        assert!(error(&text).0.contains("nested"), "{hidden}");
    }
}

#[test]
fn order_and_duplicates_are_kept_and_the_last_one_counts() {
    let node = parse("b: 1\na: 2\nb: 3\nc: {x: 1, x: 2}\n");
    let names: Vec<&str> = node.entries().expect("a map").iter().map(Entry::name).collect();
    assert_eq!(names, ["b", "a", "b", "c"]);
    assert_eq!(node.get("b").and_then(Node::text), Some("3"));
    let mut found = Vec::new();
    node.duplicates(&|_, key| key.into(), &mut |depth, first, again| {
        found.push((depth, again.name().to_owned(), first.key.mark.line, again.key.mark.line));
    });
    assert_eq!(found, [(0, "b".into(), 1, 3), (1, "x".into(), 4, 4)]);
    let many: String = (0..40).map(|number| format!("k{number}: 1\n")).chain(["k7: 2\n".into()]).collect();
    assert!(parse(&many).refuse_duplicates().is_err_and(|error| error.mark().line == 41));
}

#[test]
fn merge_keys_are_applied() {
    let node =
        parse("base: &base {draft: true, title: Base}\nmore: &more {kind: live}\n<<: [*base, *more]\ntitle: Own\n");
    assert_eq!(node.get("draft").and_then(Node::text), Some("true"));
    assert_eq!(node.get("title").and_then(Node::text), Some("Own"));
    assert_eq!(node.get("kind").and_then(Node::text), Some("live"));
    assert!(node.get("<<").is_none());
    assert!(parse("'<<': x\n").get("<<").is_some(), "in quotation marks it is a key like any other");
    assert_eq!(error("a: 1\n<<: draft\n").1, 2);
    assert_eq!(error("a: &a [1]\n<<: *a\n").1, 2);
}

#[test]
fn what_is_not_yaml_is_told_at_its_place() {
    assert_eq!(error("title: A\n- draft: true\n"), ("an item of a list among keys".into(), 2, 1));
    assert_eq!(error("title: A\ndraft\u{FF1A}true\ndate: x\n"), ("a full-width colon".into(), 2, 1));
    assert_eq!(error("title: \"A\nb: c\n"), ("a quotation mark that is never closed".into(), 1, 8));
    assert_eq!(error("title: a: b\n").0, "a colon where there cannot be one");
    assert_eq!(error("a: b\n\tc: d\n").1, 2);
    assert_eq!(error("a: *gone\n"), ("there is no anchor of this name".into(), 1, 4));
    assert_eq!(error("a: @x\n"), ("a value cannot begin with this character".into(), 1, 4));
    assert_eq!(error("a: 1\n---\nb: 2\n").0, "a second document begins here");
    assert_eq!(error("a: &a [*a]\n").0, "this alias repeats what it stands in");
}

#[test]
fn what_is_not_yaml_has_its_line_and_a_cure_that_works() {
    let whole = "put the whole value in quotation marks";
    for (slip, cure, line) in [
        ("title: [Video] The harbour", whole, 2),
        ("title: *Star* of the show", whole, 2),
        ("title: - A dash", whole, 2),
        ("title: {brace} x", whole, 2),
        ("title: | x", whole, 2),
        ("title: > x", whole, 2),
        ("title: ? q", whole, 2),
        ("title: @name", "in quotes", 2),
        ("title: %x", "in quotes", 2),
        ("title: \"He said\" so", "of the other kind", 2),
        ("title: \"a \\d b\"", "double the backslash", 2),
        ("title:NoSpace", "put a blank after `title:`", 2),
        ("tags: [a, b", "close it with `]`", 2),
        ("image: {src: a.jpg", "close it with `}`", 2),
        ("image: {src: a.jpg alt: b}", "put a comma in front of `alt:`", 2),
        ("summary: line one\n  line two: with colon", "from its first line to its last", 2),
        ("summary: line one\n  two: with colon", "if `two` is a key, remove the blanks", 2),
        ("tags:\n  - a\n  - [b] c", whole, 4),
        ("image:\n  alt: [b] c\n  src: a.jpg", whole, 3),
        (
            "summary: The first line\nand its second line.",
            "two blanks in front of it if it continues the text of `summary`",
            3,
        ),
        ("summary: The first line\nand its second\nand its third line.", "two blanks in front", 3),
        ("tags:\n-one\n-two", "put a blank behind each dash: `- one`", 3),
        ("title: A\n{\"tags\": [\"x\"]}", "write its keys as lines of YAML", 3),
        ("title: A\n{\n  \"tags\": [\"x\"]\n}", "write its keys as lines of YAML", 3),
        ("tags: [#harbour, #bus]", "each of its own: `[\"#harbour\", \"#bus\"]`", 2),
        ("tags: [harbour, @bus]", "each of its own: `[harbour, \"@bus\"]`", 2),
        ("corrections:\n  - date: 2026-11-21, text: \"x\"", "`{ date: …, text: … }`", 3),
    ] {
        for behind in ["", "date: 2026-11-01\nkind: report\n"] {
            let text = format!("order: 1\n{slip}\n{behind}");
            let error = Node::parse(&text, 0).map(|_| ()).expect_err(&text);
            let (message, hint) = error.in_words();
            let hint = hint.unwrap_or_default();
            assert!(hint.contains(cure), "{text}: {message} ({hint})");
            assert_eq!(error.mark().line, line, "{text}: {message} ({hint})");
        }
    }
}

#[test]
fn a_number_in_quotation_marks_is_told_as_one() {
    let read = |text: &str| from_str::<std::collections::BTreeMap<String, u32>>(text).expect_err("text").in_words();
    let (message, hint) = read("page_size: \"10\"\n");
    assert_eq!(message, "page_size: `\"10\"` is text, where a whole number should be");
    assert_eq!(hint.as_deref(), Some("remove the quotation marks: `10`"));
    assert_eq!(read("page_size: \"ten\"\n").1.as_deref(), Some("write a whole number"));
}

#[test]
fn nesting_and_repetition_have_bounds() {
    assert!(Node::parse(&format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH)), 0).is_ok());
    let deep = ["[", "{a: ", "- ", "? ", "[{a: "];
    for start in deep {
        assert!(error(&start.repeat(100_000)).0.contains("nested"), "{start}");
    }
    let mut bomb = "a: &a [xxxxxxxx, xxxxxxxx, xxxxxxxx, xxxxxxxx]\n".to_owned();
    for (name, before) in ('b'..='z').zip('a'..='y') {
        bomb.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(", ")));
    }
    assert!(error(&bomb).0.contains("repeat far too much"));
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 16), ["*a"].repeat(1600).join(", "));
    assert!(error(&long).0.contains("repeat far too much"), "100 MB out of 70 kB");
}

#[test]
fn values_of_any_type_are_read_and_errors_are_placed() {
    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Site {
        title: String,
        limit: Option<u32>,
        weight: f64,
        sizes: Vec<u16>,
        on: bool,
        feeds: Feeds,
    }
    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Feeds {
        kind: Kind,
    }
    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        #[default]
        Full,
        Short,
    }
    let site: Site =
        from_str("title: 1.10\nlimit: 07\nweight: 1\nsizes: [1, 2]\non: true\nfeeds: {kind: short}\n").expect("good");
    let feeds = Feeds { kind: Kind::Short };
    assert_eq!(site, Site { title: "1.10".into(), limit: Some(7), weight: 1.0, sizes: vec![1, 2], on: true, feeds });
    assert_eq!(from_str::<Site>("limit: ~\nsizes:\nfeeds:\n").expect("good"), Site::default());
    let wrong = |text: &str| {
        let error = from_str::<Site>(text).expect_err("wrong");
        let (message, hint) = error.in_words();
        (message, hint.unwrap_or_default(), (error.mark().line, error.mark().column))
    };
    assert_eq!(wrong("on: true\ntitel: A\n"), ("unknown key `titel`".into(), "did you mean `title`?".into(), (2, 1)));
    assert_eq!(wrong("feeds.kind: short\n").1, "write `feeds: { kind: … }`");
    let (message, hint, place) = wrong("feeds:\n  kind: shrot\n");
    assert_eq!((message.as_str(), place), ("feeds.kind: `shrot` is not a value of this key", (2, 9)));
    assert_eq!(hint, "did you mean `short`?");
    let (message, _, place) = wrong("sizes: [1, many]\n");
    assert_eq!((message.as_str(), place), ("sizes[1]: `many` where a whole number should be", (1, 12)));
    assert_eq!(wrong("on: perhaps\n").0, "on: `perhaps` where `true` or `false` should be");
    assert_eq!(wrong("title: A\non: true\ntitle: B\n").0, "the key `title` is there twice");
}

#[test]
fn what_is_written_is_read_again() {
    let texts = [
        "plain",
        "A. B, c",
        "",
        " ",
        "~",
        "null",
        "yes",
        "1.10",
        "007",
        "0x1F",
        "1_000",
        "2026-11-23T14:05:00Z",
        "a: b",
        "a #b",
        "#a",
        "- a",
        "it's",
        "'",
        "\"",
        "two\nlines",
        "two\n\n  lines\n",
        "\nx",
        " x\ny",
        "x\n\n",
        "x\n \ny",
        "a\tb",
        "\ta\nb",
        "a\n\tb",
        "a\rb",
        "a\u{85}b",
        "a\u{2028}b\nc",
        "\u{feff}a",
        "\u{7}",
        "\\",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a",
        "a:",
        "[a",
        "{a",
        "---",
        "...\n---",
        "é",
        "?",
        "? a",
        "http://x.example/?a=b&c=d#e",
    ];
    for text in texts {
        let value =
            serde_json::json!([{ "id": text, text: [text, { "b": text }], "c": { "d": text }, "e": [[text], []] }]);
        let written = to_string(&value).expect("text");
        assert_eq!(from_str::<serde_json::Value>(&written).unwrap_or_else(|error| panic!("{error}: {written}")), value);
    }
    let value = serde_json::json!({ "a": 1, "b": [true, null, 1.5, {}], "c": "two\nlines" });
    let written = to_string(&value).expect("text");
    assert_eq!(written, "a: 1\nb:\n- true\n- null\n- 1.5\n- {}\nc: |-\n  two\n  lines\n");
}

#[test]
fn words_that_yaml_takes_for_something_else_are_told() {
    let lost = |text: &str| -> Vec<String> {
        let (_, lost) = Node::parse_front_matter(text, 0).expect("YAML");
        lost.iter()
            .map(|error| format!("{}:{} {}", error.mark().line, error.mark().column, error.in_words().0))
            .collect()
    };
    for (text, told) in [
        ("a: b\ntitle: Ranked #1 in Europe\n", "2:15 `#` begins a comment, so `#1 in Europe` is left out"),
        ("title: Tunnel is project # 1\n", "1:26 `#` begins a comment, so `# 1` is left out"),
        ("tags: a, #metoo, b\n", "1:10 `#` begins a comment, so `#metoo, b` is left out"),
        ("tags:\n- a #b\n", "2:5 `#` begins a comment, so `#b` is left out"),
        ("tags:\n- #metoo\n- b\n", "2:3 `#` begins a comment, so `#metoo` is left out"),
        ("corrections:\n  - text: It was # 3\n", "2:18 `#` begins a comment, so `# 3` is left out"),
        ("corrections: Fixed # 2\n", "1:20 `#` begins a comment, so `# 2` is left out"),
        ("authors:\n- Ann\n\n- Jane # boss\n", "4:8 `#` begins a comment, so `# boss` is left out"),
        ("tags:\n  - a # b\n", "2:7 `#` begins a comment, so `# b` is left out"),
        ("source: AFP # x\n", "1:13 `#` begins a comment, so `# x` is left out"),
        ("dateline: X # y\n", "1:13 `#` begins a comment, so `# y` is left out"),
        ("title: !Breaking news today\n", "1:8 `!Breaking` is a tag of YAML, so it is left out"),
        ("title: &Sons win prize\n", "1:8 `&Sons` names a value that nothing repeats, so it is left out"),
        ("tags: [&c, b]\n", "1:8 `&c` names a value that nothing repeats, so it is left out"),
    ] {
        assert_eq!(lost(text), [told], "{text}");
    }
    for text in [
        "aliases:\n- /x/ # old\n",
        "a: b # a remark\n# another\n#one more\nc: 12 #d\n",
        "a: \"b #c\"\nd: 'e' #f\n",
        "a: &x {b: c}\nd: *x\n",
        "a: !!str 1\nb: |\n  c #d\n",
        "a: b#c\n",
    ] {
        assert_eq!(lost(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn separators_of_unicode_end_no_line() {
    let front = "title: Storm\u{2028}Hedda\nb: 'x\u{2029}y'\nc: d\u{85}e\n";
    let (node, _) = Node::parse_front_matter(front, 0).expect("YAML");
    let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    assert_eq!(text("title").as_deref(), Some("Storm Hedda"));
    assert_eq!((text("b").as_deref(), text("c").as_deref()), (Some("x y"), Some("d\u{a0}e")));
}

#[test]
fn null_is_a_name_where_it_has_a_capital() {
    let node = parse("a: Null\nb: [Null, null, ~]\n");
    assert_eq!(node.get("a").and_then(Node::text), Some("Null"));
    let items = node.get("b").and_then(Node::items).expect("a list");
    assert_eq!(items.iter().map(Node::is_null).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn usual_front_matter_is_read_without_the_library() {
    let front = "title: \"Storm: a harbour closes\"\nslug: storm\ndate: 2026-11-23T14:05:00Z\nauthors: [Ann Lee, 'Bo']\n\
                 order: 1.10\nimage:\n  src: a.jpg\n  alt: Übersicht\ntags:\n  - a b\n  - \"c\"\nsource:\n- name: X\n  \
                 url: https://x.example/#y\n- Y\ndraft:\nempty: []\n";
    assert!(simple::document(front, 1).is_some());
    for unusual in
        ["a: b # c\n", "a: b\n  c\n", "a: |\n  b\n", "a: &b c\n", "a: {b: c}\n", "a: \"b\\n\"\n", "# a\na: b\n"]
    {
        assert!(simple::document(unusual, 1).is_none(), "{unusual}");
    }
}

#[test]
fn what_is_read_without_the_library_is_what_the_library_says() {
    let scalars = r##"
        word¦two  words¦it's¦a"b¦1.10¦007¦0x1F¦1e3¦1e999¦12¦-1¦true¦Null¦null¦~¦yes¦2026-11-23T14:05:00Z¦12:30¦a:b¦a: b¦a:¦a #b¦
        a#b¦#a¦http://x.example/#y¦/x/¦Ü¦日本¦😀¦a\b¦""¦''¦"a b"¦'a b '¦" a: b #c"¦'it''s'¦"a\"b"¦"Ü"¦"a" b¦"a¦[]¦[ ]¦[a]¦[a, b]¦
        [ a ,b ]¦[a,]¦[,a]¦["a, b",'c']¦[Ü, "Ü", x]¦[a: b]¦["a": b]¦[a]b¦[[a], b]¦[a b, 1.10, null, true]¦[a,b]¦[- a]¦[a"b]¦
        [ä ,"ö" , ü]¦{a: b}¦*a¦&a b¦!a b¦|¦>-¦? a¦- a¦-¦@a¦%a¦...¦---¦<<¦a - b¦a, b¦a]¦{¦a}"##;
    let mut scalars: Vec<&str> = scalars.split('¦').map(|scalar| scalar.trim_start_matches(['\n', ' '])).collect();
    scalars.extend(["\u{a0}x", "x\u{a0}", "a\u{feff}"]);
    let keys =
        ["a", "b", "title", "null", "true", "a-b", "_x", "1", "ä", "<<", "a b", "\"q\"", "y", "A1", "-", "x:", "..."];
    let mut random = fastrand::Rng::with_seed(19);
    let (mut read, mut good) = (0, 0);
    for _ in 0..6_000 {
        let mut text = String::new();
        let mut column = 0;
        for _ in 0..random.usize(1..7) {
            let row = random.usize(..25);
            if row < 3 {
                column = [0, 0, 1, 2, 2, 3, 4][random.usize(..7)];
            }
            text.push_str(&" ".repeat(column));
            let dashes = usize::from(random.usize(..4) == 0);
            text.push_str(&["- ", "-  "][usize::from(random.usize(..9) == 0)].repeat(dashes));
            if dashes == 0 || random.bool() {
                let most = if row < 20 { 3 } else { keys.len() };
                text.push_str(keys[random.usize(..most)]);
                text.push_str([":  ", " : ", ":"].get(random.usize(..25)).unwrap_or(&": "));
            }
            match random.usize(..4) {
                0 => text.truncate(text.trim_end_matches(' ').len()),
                1 => text.push_str("plain"),
                _ => text.push_str(scalars[random.usize(..scalars.len())]),
            }
            text.push_str([" \n", "\n\n", "\r\n", " # x\n", ""].get(row.wrapping_sub(3)).unwrap_or(&"\n"));
        }
        let known = parse::document(&text, 3);
        good += usize::from(known.is_ok());
        if let Some(node) = simple::document(&text, 3) {
            read += 1;
            let (known, lost) = known.unwrap_or_else(|error| panic!("{error:?}: {text:?}"));
            assert_eq!((format!("{node:?}"), lost), (format!("{known:?}"), Vec::new()), "{text:?}");
        }
    }
    assert!(read > good / 5, "{read} of {good} documents");
}
