//! Taking a card's SVG apart into what is the same on many cards (grounds, rules, marks) and its lines of text.
//!
//! Only what is understood wholly is taken apart: lines of text with plain attributes in plain groups. Everything
//! without text in it stays SVG, whatever it is, in as many layers as have text between them.

use resvg::usvg::fontdb::Style;
use resvg::usvg::roxmltree::{Document, Node};

use super::fonts::FontQuery;
use super::order::SIZE;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Elements that draw nothing where they stand.
#[rustfmt::skip]
const DEFINITIONS: [&str; 12] = [
    "clipPath", "defs", "desc", "filter", "linearGradient", "marker", "mask", "metadata", "pattern",
    "radialGradient", "symbol", "title",
];

/// Largest letters that are set here, in pixels.
const LARGEST: f32 = 400.0;

/// How a line of text is set.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) wish: FontQuery,
    /// Pixels.
    pub(super) size: f32,
    pub(super) ink: [u8; 3],
    /// The share of its width that lies before its `x`: 0 for `start`, 0.5 for `middle`, 1 for `end`.
    pub(super) anchor: f32,
    /// Pixels between letters.
    pub(super) spacing: f32,
}

/// A line of text.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) setting: Setting,
    pub(super) x: f32,
    pub(super) y: f32,
}

/// An SVG without text, and the texts that stand upon it.
pub(super) type Layer = (String, Vec<Text>);

/// Takes an SVG apart, from the ground up; none if it has something in it that has to be drawn as a whole.
pub(super) fn taken_apart(svg: &str) -> Option<Vec<Layer>> {
    let document = Document::parse(svg).ok()?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(SVG) {
        return None;
    }
    let (width, height) = SIZE;
    let is_whole = |name: &str, value: &str| match name {
        "width" => value == width.to_string(),
        "height" => value == height.to_string(),
        "viewBox" => value == format!("0 0 {width} {height}"),
        _ => false,
    };
    if root.attribute("width").is_none() || root.attribute("height").is_none() {
        return None;
    }
    let mut taken = Taken { svg, layers: Vec::new(), above: String::new(), has_names: false, open: Vec::new() };
    let mut setting = Setting {
        wish: FontQuery { families: Vec::new(), weight: 400, style: Style::Normal },
        size: 16.0,
        ink: [0; 3],
        anchor: 0.0,
        spacing: 0.0,
    };
    for attribute in root.attributes() {
        let is_whole = attribute.namespace().is_none() && is_whole(attribute.name(), attribute.value());
        if !is_whole {
            setting.take(attribute.namespace(), attribute.name(), attribute.value())?;
        }
    }
    taken.group(root, &setting)?;
    let is_one = taken.layers.len() == 1;
    (is_one || !taken.has_names).then_some(taken.layers)
}

impl Setting {
    /// Takes an attribute over; none if it is not understood.
    fn take(&mut self, namespace: Option<&str>, name: &str, value: &str) -> Option<()> {
        if namespace.is_some() {
            return None;
        }
        match name {
            "font-family" => self.wish.families = families(value)?,
            "font-size" => self.size = number(value).filter(|size| *size > 0.0 && *size <= LARGEST)?,
            "font-weight" => {
                self.wish.weight = match value {
                    "normal" => 400,
                    "bold" => 700,
                    _ => value.parse().ok().filter(|weight| weight % 100 == 0 && (100..=900).contains(weight))?,
                }
            }
            "font-style" => {
                self.wish.style = match value {
                    "normal" => Style::Normal,
                    "italic" => Style::Italic,
                    "oblique" => Style::Oblique,
                    _ => return None,
                }
            }
            "fill" => self.ink = colour(value)?,
            "text-anchor" => {
                self.anchor = match value {
                    "start" => 0.0,
                    "middle" => 0.5,
                    "end" => 1.0,
                    _ => return None,
                }
            }
            "letter-spacing" => self.spacing = number(value)?,
            // It says nothing of text.
            "shape-rendering" => {}
            _ => return None,
        }
        Some(())
    }
}

/// A plain number.
fn number(value: &str) -> Option<f32> {
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    value.parse().ok().filter(|number: &f32| is_plain && number.abs() < 1e6)
}

/// `#rgb` or `#rrggbb`.
fn colour(value: &str) -> Option<[u8; 3]> {
    let digits: Vec<u8> =
        value.strip_prefix('#')?.chars().map(|c| Some(c.to_digit(16)? as u8)).collect::<Option<_>>()?;
    match digits[..] {
        [r, g, b] => Some([r * 17, g * 17, b * 17]),
        [a, b, c, d, e, f] => Some([a * 16 + b, c * 16 + d, e * 16 + f]),
        _ => None,
    }
}

/// The names in a list of families, without those that stand for a kind of font; none if it is not one.
pub(super) fn families(value: &str) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = value.trim();
    loop {
        let quoted = rest.strip_prefix(['"', '\'']).map(|inner| inner.split_once(&rest[..1]));
        let (name, behind) = match quoted {
            Some(parts) => parts?,
            None => rest.split_at(rest.find(',').unwrap_or(rest.len())),
        };
        let name = name.trim();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_');
        let is_kind = matches!(name, "serif" | "sans-serif" | "cursive" | "fantasy" | "monospace");
        if name.is_empty()
            || quoted.is_none() && !(name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_plain))
        {
            return None;
        }
        if quoted.is_some() || !is_kind {
            names.push(name.to_owned());
        }
        let behind = behind.trim_start();
        if behind.is_empty() {
            return Some(names);
        }
        rest = behind.strip_prefix(',')?.trim_start();
    }
}

/// What has been taken so far.
struct Taken<'a> {
    svg: &'a str,
    layers: Vec<Layer>,
    /// The definitions before the layer.
    above: String,
    /// Whether something that is drawn has a name by which another layer might call it.
    has_names: bool,
    /// The tags of the groups around.
    open: Vec<&'a str>,
}

impl<'a> Taken<'a> {
    /// The content of a group.
    fn group(&mut self, group: Node<'a, 'a>, setting: &Setting) -> Option<()> {
        let (first, last) = (group.first_child()?, group.last_child()?);
        let (whole, inner) = (group.range(), first.range().start..last.range().end);
        let (start, end) = (&self.svg[whole.start..inner.start], &self.svg[inner.end..whole.end]);
        if !start.ends_with('>') || !end.starts_with("</") {
            return None;
        }
        self.everywhere(start);
        self.open.push(start);
        for child in group.children() {
            if child.is_element() {
                self.element(child, setting)?;
            } else if child.is_text() && !child.text().unwrap_or_default().trim().is_empty() {
                return None;
            }
        }
        self.open.pop();
        self.everywhere(end);
        Some(())
    }

    fn element(&mut self, element: Node<'a, 'a>, setting: &Setting) -> Option<()> {
        let name = element.tag_name().name();
        let is_of_svg = element.tag_name().namespace() == Some(SVG);
        let has = |name: &str| element.descendants().any(|node| node.is_element() && node.tag_name().name() == name);
        if has("style") || has("switch") || has("a") {
            return None;
        }
        if is_of_svg && name == "text" {
            return self.text(element, setting);
        }
        if has("text") {
            let is_group = is_of_svg && name == "g";
            let mut setting = setting.clone();
            for attribute in element.attributes().filter(|_| is_group) {
                setting.take(attribute.namespace(), attribute.name(), attribute.value())?;
            }
            let is_text = |node: Node<'_, '_>| node.is_element() && !matches!(node.tag_name().name(), "g" | "text");
            return match (is_group, element.descendants().any(is_text)) {
                (true, true) => self.group(element, &setting),
                // Nothing of it is left to be drawn.
                (true, false) => {
                    element.children().filter(Node::is_element).try_for_each(|child| self.element(child, &setting))
                }
                (false, _) => None,
            };
        }
        let source = &self.svg[element.range()];
        if DEFINITIONS.contains(&name) {
            // What it takes over from a group it would lose above.
            if self.open.len() > 1 {
                return None;
            }
            self.above.push_str(source);
            self.everywhere(source);
            return Some(());
        }
        self.has_names |= has("use") || element.descendants().any(|node| node.has_attribute("id"));
        self.layer().0.push_str(source);
        Some(())
    }

    /// Adds to all layers, and what begins all of them.
    fn everywhere(&mut self, source: &str) {
        for (svg, _) in &mut self.layers {
            svg.push_str(source);
        }
    }

    /// The layer that is to be drawn on: a new one if there is text upon the last.
    fn layer(&mut self) -> &mut Layer {
        if self.layers.last().is_none_or(|(_, texts)| !texts.is_empty()) {
            let (root, groups) = self.open.split_first().map_or(("", &[][..]), |(root, groups)| (*root, groups));
            let svg = format!("{root}{}{}", self.above, groups.concat());
            self.layers.push((svg, Vec::new()));
        }
        self.layers.last_mut().expect("there is one by now")
    }

    fn text(&mut self, element: Node<'a, 'a>, setting: &Setting) -> Option<()> {
        let (mut x, mut y) = (0.0, 0.0);
        let mut setting = setting.clone();
        for attribute in element.attributes() {
            match attribute.name() {
                "x" => x = number(attribute.value())?,
                "y" => y = number(attribute.value())?,
                name => setting.take(attribute.namespace(), name, attribute.value())?,
            }
        }
        let Some(only) = element.first_child() else { return Some(()) };
        if !only.is_text() || only.next_sibling().is_some() {
            return None;
        }
        let mut text = String::with_capacity(only.text()?.len());
        for letter in only.text()?.chars() {
            let letter = if matches!(letter, '\r' | '\n' | '\t') { ' ' } else { letter };
            if letter != ' ' || !(text.is_empty() || text.ends_with(' ')) {
                text.push(letter);
            }
        }
        text.truncate(text.trim_end_matches(' ').len());
        // Without a word of fonts it is the drawing library's choice.
        if setting.wish.families.is_empty() {
            return None;
        }
        if !text.is_empty() {
            if self.layers.is_empty() {
                self.layer();
            }
            let (_, texts) = self.layers.last_mut()?;
            texts.push(Text { text, setting, x, y });
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(inside: &str) -> Option<Vec<Layer>> {
        let svg =
            format!("<svg xmlns=\"{SVG}\" width=\"1200\" height=\"630\" font-family=\"Noto Sans\">{inside}</svg>");
        taken_apart(&svg)
    }

    #[test]
    fn what_stands_between_texts_is_a_layer_of_its_own() {
        let layers = taken(
            "<defs><linearGradient id=\"g\"/></defs><rect fill=\"url(#g)\"/><g fill=\"#f00\" text-anchor=\"end\"> \
             <text x=\"8\" y=\"9.5\" font-size=\"30\">One \n &#x26; two </text> <circle r=\"3\"/>\
             <g letter-spacing=\"2\"><text>Three</text><text font-weight=\"bold\" fill=\"#010203\">Four</text></g></g>",
        );
        let layers = layers.expect("plain texts in plain groups");
        let start = format!("<svg xmlns=\"{SVG}\" width=\"1200\" height=\"630\" font-family=\"Noto Sans\"><defs>");
        let svg: Vec<&str> = layers.iter().map(|(svg, _)| svg.strip_prefix(&*start).expect("the root")).collect();
        let gradient = "<linearGradient id=\"g\"/></defs>";
        assert_eq!(
            svg,
            [
                format!("{gradient}<rect fill=\"url(#g)\"/><g fill=\"#f00\" text-anchor=\"end\"></g></svg>"),
                format!("{gradient}<g fill=\"#f00\" text-anchor=\"end\"><circle r=\"3\"/></g></svg>"),
            ]
        );
        let texts: Vec<Vec<&str>> =
            layers.iter().map(|(_, texts)| texts.iter().map(|text| &*text.text).collect()).collect();
        assert_eq!(texts, [vec!["One & two"], vec!["Three", "Four"]]);
        let one = &layers[0].1[0];
        assert_eq!((one.x, one.y, one.setting.size, one.setting.anchor), (8.0, 9.5, 30.0, 1.0));
        assert_eq!((one.setting.ink, one.setting.wish.weight), ([255, 0, 0], 400));
        let four = &layers[1].1[1].setting;
        assert_eq!((four.ink, four.wish.weight, four.spacing), ([1, 2, 3], 700, 2.0));
    }

    #[test]
    fn cards_with_other_words_have_the_same_layers() {
        let card = |words: &str| {
            let size = words.len() + 20;
            let inside = format!("<rect/><g fill=\"#000\"><g font-size=\"{size}\"><text>{words}</text></g></g>");
            taken(&inside).expect("it is plain").swap_remove(0).0
        };
        assert_eq!(card("Fire"), card("Harbour tunnel opens"));
    }

    #[test]
    fn what_is_not_understood_is_drawn_as_a_whole() {
        for inside in [
            "<style>text { fill: red }</style><text>a</text>",
            "<text>a <tspan>b</tspan></text>",
            "<text transform=\"rotate(9)\">a</text>",
            "<text fill=\"url(#g)\">a</text>",
            "<text fill=\"red\">a</text>",
            "<text style=\"fill: #f00\">a</text>",
            "<text x=\"1 2 3\">a</text>",
            "<text x=\"5%\">a</text>",
            "<text font-size=\"2em\">a</text>",
            "<text xml:space=\"preserve\">a</text>",
            "<g opacity=\"0.5\"><text>a</text></g>",
            "<a><text>a</text></a>",
            "<defs><text id=\"t\">a</text></defs><use href=\"#t\"/>",
            "<svg><text>a</text></svg>",
            // The second layer would not know the first.
            "<rect id=\"r\"/><text>a</text><use href=\"#r\"/>",
        ] {
            assert!(taken(inside).is_none(), "{inside}");
        }
        assert!(taken("<rect id=\"r\"/><use href=\"#r\"/><text>a</text>").is_some());
        assert!(
            taken_apart("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"><g/></svg>").is_none()
        );
    }

    #[test]
    fn lists_of_fonts_are_read_as_in_css() {
        let read = |list| families(list);
        let names = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(read("'Noto Sans', Georgia , \"A, b\",serif"), names(&["Noto Sans", "Georgia", "A, b"]));
        assert_eq!(read("serif"), names(&[]));
        for wrong in ["", "'Noto", "Noto,", "9px", "'a' b"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
