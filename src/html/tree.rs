//! The tree that a browser would make of a fragment of HTML (html5ever).
//!
//! Bounded: nothing is nested deeper than [`DEEPEST`], and no tree has more than [`MOST`] nodes for each byte.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::io;
use std::rc::{Rc, Weak};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::serialize::{AttrRef, Serialize, SerializeOpts, Serializer, TraversalScope, serialize};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, local_name, ns, parse_fragment};

/// The deepest nesting of elements that is read; browsers stop at 512.
pub(crate) const DEEPEST: usize = 512;

/// So many bytes are read between two looks at the bounds.
pub(crate) const STEP: usize = 4096;

/// Nodes for each byte, at most: elements like `b` that are never closed are opened again in each paragraph.
const MOST: usize = 2;

/// How the name of an element begins by which a place in a tree is found again.
pub(crate) const MARK: &str = "courant-mark";

/// HTML that is nested too deep, or opens too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooDeep;

/// The root of the tree of a fragment, and the last element in it whose name begins as [`MARK`].
///
/// # Errors
/// The HTML is nested too deep, or opens too much.
pub(crate) fn parse(html: &str, scripting_enabled: bool) -> Result<(Rc<Node>, Option<Rc<Node>>), TooDeep> {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let parse = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    let most = html.len() * MOST + STEP;
    let mut parser = parse_fragment(Dom::default(), parse, context, Vec::new(), scripting_enabled);
    let mut rest = html;
    while !rest.is_empty() {
        let (step, after) = rest.split_at(rest.floor_char_boundary(STEP.min(rest.len())));
        parser.process(StrTendril::from(step));
        rest = after;
        let dom = &parser.tokenizer.sink.sink;
        if dom.deepest.get() > DEEPEST || dom.nodes.get() > most {
            return Err(TooDeep);
        }
    }
    let marked = parser.tokenizer.sink.sink.marked.take();
    let document = parser.finish();
    // The parser puts the fragment into an element of its own.
    let root = document.children.borrow().first().cloned();
    Ok((root.unwrap_or(document), marked))
}

/// The inside of a node as HTML.
pub(crate) fn inner_html(root: &Node, scripting_enabled: bool) -> String {
    let options = SerializeOpts { scripting_enabled, ..SerializeOpts::default() };
    let mut html = Vec::new();
    // Writing to memory does not fail, and what was read as text is text.
    let _ = serialize(&mut html, root, options);
    String::from_utf8_lossy(&html).into_owned()
}

/// A node with what stands in it as HTML.
pub(crate) fn outer_html(node: &Rc<Node>) -> String {
    let parent = Node::nameless(Content::Fragment);
    parent.children.borrow_mut().push(Rc::clone(node));
    inner_html(&parent, false)
}

/// What a node is beside its children.
#[derive(Debug)]
enum Content {
    /// The document, or the content of a template.
    Fragment,
    Element(Vec<Attribute>),
    Text(RefCell<StrTendril>),
    Comment(StrTendril),
}

#[derive(Debug)]
pub(crate) struct Node {
    content: Content,
    /// Empty for what is no element.
    pub(crate) name: QualName,
    pub(crate) parent: RefCell<Weak<Node>>,
    pub(crate) children: RefCell<Vec<Rc<Node>>>,
    /// The content of a template.
    template: Option<Rc<Node>>,
    depth: Cell<usize>,
}

impl Node {
    fn new(content: Content, name: QualName, template: Option<Rc<Node>>) -> Rc<Self> {
        let (parent, children) = (RefCell::default(), RefCell::default());
        Rc::new(Self { content, name, parent, children, template, depth: Cell::new(0) })
    }

    pub(crate) fn is_element(&self) -> bool {
        matches!(self.content, Content::Element(_))
    }

    /// The name of an element in lower case; empty for all else.
    pub(crate) fn tag(&self) -> &str {
        &self.name.local
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let Content::Element(attributes) = &self.content else { return None };
        attributes.iter().find(|one| *one.name.local == *name).map(|one| &*one.value)
    }

    /// The attributes of an element, without the prefixes of their names.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        let attributes = match &self.content {
            Content::Element(attributes) => attributes.as_slice(),
            _ => &[],
        };
        attributes.iter().map(|one| (&*one.name.local, &*one.value))
    }

    /// Of a text what it says.
    pub(crate) fn text(&self) -> Option<String> {
        let Content::Text(text) = &self.content else { return None };
        Some(text.borrow().to_string())
    }

    fn nameless(content: Content) -> Rc<Self> {
        Self::new(content, QualName::new(None, ns!(), local_name!("")), None)
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: &mut S, _: TraversalScope) -> io::Result<()> {
        for child in self.children.borrow().iter() {
            match &child.content {
                Content::Element(attributes) => {
                    let mut name = child.name.clone();
                    // Nothing can close a `plaintext`.
                    if name.local == local_name!("plaintext") {
                        name.local = local_name!("pre");
                    }
                    serializer.start_elem(
                        name.clone(),
                        attributes.iter().map(|one| (&one.name, &*one.value) as AttrRef<'_>),
                    )?;
                    let inside = child.template.as_ref().unwrap_or(child);
                    inside.serialize(serializer, TraversalScope::ChildrenOnly(None))?;
                    serializer.end_elem(name)?;
                }
                Content::Text(text) => serializer.write_text(&text.borrow())?,
                Content::Comment(text) => serializer.write_comment(text)?,
                Content::Fragment => {}
            }
        }
        Ok(())
    }
}

/// The tree that the parser builds.
#[derive(Debug)]
struct Dom {
    document: Rc<Node>,
    nodes: Cell<usize>,
    deepest: Cell<usize>,
    /// The last element whose name is that of a mark.
    marked: RefCell<Option<Rc<Node>>>,
}

impl Default for Dom {
    fn default() -> Self {
        let document = Node::nameless(Content::Fragment);
        Self { document, nodes: Cell::new(0), deepest: Cell::new(0), marked: RefCell::default() }
    }
}

impl Dom {
    /// Puts a node or text into `parent` before the child `at`.
    fn insert(&self, parent: &Rc<Node>, at: usize, child: NodeOrText<Rc<Node>>) {
        self.nodes.set(self.nodes.get() + 1);
        let node = match child {
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).and_then(|before| parent.children.borrow().get(before).cloned());
                if let Some(Content::Text(known)) = before.as_ref().map(|node| &node.content) {
                    known.borrow_mut().push_slice(&text);
                    return;
                }
                Node::nameless(Content::Text(RefCell::new(text)))
            }
            NodeOrText::AppendNode(node) => {
                self.remove_from_parent(&node);
                node
            }
        };
        node.depth.set(parent.depth.get() + 1);
        self.deepest.set(self.deepest.get().max(node.depth.get()));
        *node.parent.borrow_mut() = Rc::downgrade(parent);
        let mut children = parent.children.borrow_mut();
        let at = at.min(children.len());
        children.insert(at, node);
    }

    /// The parent of a node, and its place there.
    fn place(node: &Rc<Node>) -> Option<(Rc<Node>, usize)> {
        let parent = node.parent.borrow().upgrade()?;
        // What is moved stands near the end.
        let at = parent.children.borrow().iter().rposition(|child| Rc::ptr_eq(child, node))?;
        Some((parent, at))
    }
}

impl TreeSink for Dom {
    type Handle = Rc<Node>;
    type Output = Rc<Node>;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Rc<Node> {
        self.document
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Rc<Node> {
        Rc::clone(&self.document)
    }

    fn elem_name<'a>(&'a self, target: &'a Rc<Node>) -> ExpandedName<'a> {
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Rc<Node> {
        let template = flags.template.then(|| Node::nameless(Content::Fragment));
        let is_mark = name.local.starts_with(MARK);
        let element = Node::new(Content::Element(attributes), name, template);
        if is_mark {
            *self.marked.borrow_mut() = Some(Rc::clone(&element));
        }
        element
    }

    fn create_comment(&self, text: StrTendril) -> Rc<Node> {
        Node::nameless(Content::Comment(text))
    }

    fn create_pi(&self, _: StrTendril, data: StrTendril) -> Rc<Node> {
        Node::nameless(Content::Comment(data))
    }

    fn append(&self, parent: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        let end = parent.children.borrow().len();
        self.insert(parent, end, child);
    }

    fn append_based_on_parent_node(&self, element: &Rc<Node>, before: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        if Self::place(element).is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(before, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Rc<Node>) -> Rc<Node> {
        target.template.as_ref().map_or_else(
            || Rc::clone(target),
            |content| {
                content.depth.set(target.depth.get());
                *content.parent.borrow_mut() = Rc::downgrade(target);
                Rc::clone(content)
            },
        )
    }

    fn same_node(&self, a: &Rc<Node>, b: &Rc<Node>) -> bool {
        Rc::ptr_eq(a, b)
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Rc<Node>, child: NodeOrText<Rc<Node>>) {
        if let NodeOrText::AppendNode(node) = &child {
            self.remove_from_parent(node);
        }
        if let Some((parent, at)) = Self::place(sibling) {
            self.insert(&parent, at, child);
        }
    }

    fn add_attrs_if_missing(&self, _: &Rc<Node>, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, target: &Rc<Node>) {
        if let Some((parent, at)) = Self::place(target) {
            parent.children.borrow_mut().remove(at);
            *target.parent.borrow_mut() = Weak::new();
        }
    }

    fn reparent_children(&self, node: &Rc<Node>, new_parent: &Rc<Node>) {
        let children = std::mem::take(&mut *node.children.borrow_mut());
        for child in children {
            *child.parent.borrow_mut() = Weak::new();
            self.append(new_parent, NodeOrText::AppendNode(child));
        }
    }
}
