//! The leak scan: does a page that is about to be written say anything of a withheld article?
//!
//! What is withheld is not in the index, so no generated part of a page can know of it; this is the check
//! that it is so. Before a file is written it is searched, as readers read it, for the headlines, slugs and addresses
//! of everything withheld, all at once. A hit that no visible source accounts for is a leak, and the build
//! publishes nothing. A hit that a visible source wrote itself (a reporter may quote a headline that is
//! still under embargo) is a warning at that line: that is for people to judge.
//!
//! With nothing withheld there is nothing to do; with thousands it is still one pass over the page. An output that is
//! kept from the last build is searched only for what was no secret then.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Mutex, OnceLock};

use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::reading::{Read, decoded, letters};
use super::secret::{Net, Secret, Secrets, What, is_end_of_address, is_start_of_address};
use super::textual::holds_text;
use crate::article::record::{Record, is_unread};
use crate::article::{self, Row};
use crate::config::Taxonomy;
use crate::config::address;
use crate::diagnostic::{Diagnostic, Place};
use crate::file_kind::MARKDOWN;
use crate::fingerprint::Fingerprint;
use crate::fingerprint::file_id;
use crate::index::{Index, Role, states};
use crate::plan::{Output, Scope};
use crate::render::Renderer;
use crate::source_name::COMMENTS;
use crate::theme;

/// Who accounts for a hit.
#[derive(Clone, Debug)]
enum Attribution {
    /// It is the headline of a visible article too, or a built-in theme says it.
    Anyway,
    /// A visible source says it.
    Here(Place),
}

/// What a build has searched its outputs for, and what it found. The next build searches the outputs that it keeps
/// only for what is a secret since then, and so comes to the same result as a build that searches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// The secrets, in order.
    secrets: Vec<Fingerprint>,
    /// Where some of them stand, in order.
    hits: Vec<Hit>,
}

impl Searched {
    /// The same with what another scan for the same secrets has found.
    pub fn and(mut self, other: Self) -> Self {
        self.hits.extend(other.hits);
        self
    }

    /// The same without the secrets: what was found, and where.
    pub fn findings(mut self) -> Self {
        self.secrets.clear();
        self
    }
}

/// A secret that stands in an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Hit {
    /// Of the [`file_id`] of the output.
    file: u64,
    secret: Fingerprint,
    is_in_name: bool,
}

/// The search for what is withheld.
#[derive(Debug)]
pub struct LeakScan<'a> {
    renderer: &'a Renderer,
    last: &'a Searched,
    search: OnceLock<Option<Search>>,
    found: Mutex<(Vec<Hit>, Vec<Diagnostic>)>,
}

#[derive(Debug)]
struct Search {
    secrets: Secrets,
    ids: Vec<Fingerprint>,
    /// The numbers of the secrets, in the order of what they are known by.
    by_id: Vec<u32>,
    /// The secrets that the last build did not know.
    new: Vec<u32>,
    /// What finds all of them, and what finds the new ones.
    nets: [OnceLock<Net>; 2],
    /// By secret: what the sources say that any page may show. Found out when something is hit at all.
    said: OnceLock<FxHashMap<u32, Attribution>>,
    /// The addresses of notices, which withdrawn articles had: those who followed them know them.
    notices: OnceLock<Option<AhoCorasick>>,
    /// The files that are published. Looked at when something is hit at all.
    planned: OnceLock<FxHashSet<u64>>,
}

impl<'a> LeakScan<'a> {
    /// A search of outputs that the last build has searched as `last` tells.
    pub fn new(renderer: &'a Renderer, last: &'a Searched) -> Self {
        Self { renderer, last, search: OnceLock::new(), found: Mutex::default() }
    }

    /// Counts what another scan for the same secrets has found in other outputs.
    pub(super) fn take_over(&self, (searched, problems): (Searched, Vec<Diagnostic>)) {
        let mut found = self.found.lock().expect("no panic while locked");
        found.0.extend(searched.hits);
        found.1.extend(problems);
    }

    fn search(&self) -> Option<&Search> {
        self.search.get_or_init(|| Search::of(self.renderer, self.last)).as_ref()
    }

    /// Whether an output may have these bytes.
    pub fn passes(&self, output: Output, bytes: &[u8]) -> bool {
        let Some(search) = self.search() else { return true };
        let path = self.renderer.path(output);
        let text = is_of_text(output) && (!is_copied(output) || holds_text(&path, bytes));
        let text = text.then_some(bytes);
        self.look(search, output, &path, text, Vec::new(), search.net(self.renderer, Which::All))
    }

    /// Whether an output may keep the bytes that it has; `read` gives them if it is a file of text.
    pub(super) fn may_stay<'b>(&self, output: Output, read: impl FnOnce(&str) -> Option<Cow<'b, [u8]>>) -> bool {
        let Some(search) = self.search() else { return true };
        if search.new.is_empty() && self.last.hits.is_empty() {
            return true;
        }
        let path = self.renderer.path(output);
        let file = file_id(&path);
        let hits = &self.last.hits[self.last.hits.partition_point(|hit| hit.file < file)..];
        let known = hits.iter().take_while(|hit| hit.file == file);
        let known: Vec<(u32, bool)> =
            known.filter_map(|hit| Some((search.number(hit.secret)?, hit.is_in_name))).collect();
        if search.new.is_empty() && known.is_empty() {
            return true;
        }
        let text = if search.new.is_empty() || !is_of_text(output) { None } else { read(&path) };
        self.look(search, output, &path, text.as_deref(), known, search.net(self.renderer, Which::New))
    }

    /// Searches a text and the name of a file, beside what is `known` to stand there.
    fn look(
        &self,
        search: &Search,
        output: Output,
        path: &str,
        text: Option<&[u8]>,
        known: Vec<(u32, bool)>,
        net: &Net,
    ) -> bool {
        // Readers see the names of files, too.
        let named = match output {
            Output::File(row) => Some(row),
            Output::Variant(at, _) => Some(self.renderer.plan.images.all[at as usize].row),
            _ => None,
        };
        let mut hits = known;
        let in_text =
            |text| search.hits(self.renderer, net, path, &search.without_notices(self.renderer, output, text));
        let in_text = text.map(in_text).unwrap_or_default();
        hits.extend(in_text.into_iter().map(|number| (number, false)));
        let in_name = named.map(|_| search.hits(self.renderer, net, "", path.as_bytes())).unwrap_or_default();
        hits.extend(in_name.into_iter().map(|number| (number, true)));
        if hits.is_empty() {
            return true;
        }
        let told = |is_in: bool| {
            let some = hits.iter().filter(|(_, is_in_name)| *is_in_name == is_in).map(|(number, _)| *number);
            search.secrets.told(&some.collect::<Vec<u32>>())
        };
        let judge = |number| search.judge(self.renderer, output, path, number);
        let mut problems: Vec<Diagnostic> = told(false).into_iter().filter_map(judge).collect();
        let is_leak = problems.iter().any(Diagnostic::is_error);
        if let Some(row) = named {
            let in_name = told(true).into_iter();
            let in_name = in_name.filter(|number| search.secrets.all[*number as usize].what != What::Address);
            let in_name = in_name.filter(|number| !search.is_said_anyway(self.renderer, *number));
            let place = || Place::file(&*self.renderer.index.rows[row as usize].path);
            problems.extend(in_name.map(|number| search.warning(self.renderer, number, place())));
        }
        let file = file_id(path);
        let hit = |(number, is_in_name): &(u32, bool)| Hit {
            file,
            secret: search.ids[*number as usize],
            is_in_name: *is_in_name,
        };
        let mut found = self.found.lock().expect("no panic while locked");
        found.0.extend(hits.iter().map(hit));
        found.1.append(&mut problems);
        !is_leak
    }

    /// What a file that is not planned gives away.
    pub(super) fn check_foreign(&self, path: &str, bytes: &[u8]) -> Vec<Diagnostic> {
        let Some(search) = self.search().filter(|_| holds_text(path, bytes)) else { return Vec::new() };
        let hits = search.hits(self.renderer, search.net(self.renderer, Which::All), path, bytes);
        let told = search.secrets.told(&hits).into_iter();
        told.map(|secret| search.leak(self.renderer, path, secret)).collect()
    }

    /// What was searched for and found, and what is wrong with it: errors, and warnings about sources.
    pub fn finish(self) -> (Searched, Vec<Diagnostic>) {
        let mut secrets = self.search().map(|search| search.ids.clone()).unwrap_or_default();
        secrets.sort_unstable();
        secrets.dedup();
        let (mut hits, problems) = self.found.into_inner().expect("no panic while locked");
        hits.sort_unstable();
        hits.dedup();
        (Searched { secrets, hits }, problems)
    }
}

/// Which secrets are searched for.
#[derive(Clone, Copy, Debug)]
enum Which {
    All,
    New,
}

/// Whether an output can be a file of text.
fn is_of_text(output: Output) -> bool {
    !matches!(output, Output::Variant(..) | Output::Card(_) | Output::ListingCard(_))
}

/// Whether an output can be a file of any kind.
fn is_copied(output: Output) -> bool {
    matches!(output, Output::File(_) | Output::Asset(_))
}

impl Search {
    fn of(renderer: &Renderer, last: &Searched) -> Option<Self> {
        let secrets = Secrets::of(renderer)?;
        let ids = secrets.ids(&renderer.index);
        let mut by_id: Vec<u32> = (0..ids.len() as u32).collect();
        by_id.sort_unstable_by_key(|number| ids[*number as usize]);
        let is_new = |number: &u32| last.secrets.binary_search(&ids[*number as usize]).is_err();
        let new = (0..ids.len() as u32).filter(is_new).collect();
        let (nets, said, notices, planned) = Default::default();
        Some(Self { secrets, ids, by_id, new, nets, said, notices, planned })
    }

    fn net(&self, renderer: &Renderer, which: Which) -> &Net {
        let which = if self.new.len() == self.ids.len() { Which::All } else { which };
        self.nets[which as usize].get_or_init(|| {
            let all: Vec<u32> = (0..self.ids.len() as u32).collect();
            let numbers = match which {
                Which::All => &all,
                Which::New => &self.new,
            };
            Net::of(&self.secrets, numbers, renderer)
        })
    }

    /// The number of a secret that the last build knew.
    fn number(&self, id: Fingerprint) -> Option<u32> {
        let at = self.by_id.binary_search_by_key(&id, |number| self.ids[*number as usize]).ok()?;
        Some(self.by_id[at])
    }

    /// The text of an output without the addresses of notices, where these belong: an address may have the words of a
    /// headline, and the notice has the address that the article had.
    fn without_notices<'b>(&self, renderer: &Renderer, output: Output, text: &'b [u8]) -> Cow<'b, [u8]> {
        let may_name = matches!(output, Output::Notice(_) | Output::Alias(_) | Output::HostFile(_));
        let addresses = self.notices.get_or_init(|| addresses_of_notices(renderer)).as_ref();
        let Some(addresses) = addresses.filter(|_| may_name) else { return Cow::Borrowed(text) };
        let mut rest = text.to_vec();
        for found in addresses.find_iter(text) {
            rest[found.range()].fill(b' ');
        }
        Cow::Owned(rest)
    }

    fn hits(&self, renderer: &Renderer, net: &Net, path: &str, bytes: &[u8]) -> Vec<u32> {
        let is_planned = |path: &str| {
            let planned = self.planned.get_or_init(|| renderer.plan.files.iter().copied().collect());
            planned.contains(&file_id(path))
        };
        self.secrets.hits(net, &decoded(bytes), path, &is_planned)
    }

    /// What the sources that any page may show say of a secret.
    fn anywhere(&self, renderer: &Renderer, number: u32) -> Option<&Attribution> {
        self.said.get_or_init(|| self.say(renderer)).get(&number)
    }

    fn is_said_anyway(&self, renderer: &Renderer, number: u32) -> bool {
        matches!(self.anywhere(renderer, number), Some(Attribution::Anyway))
    }

    fn judge(&self, renderer: &Renderer, output: Output, path: &str, number: u32) -> Option<Diagnostic> {
        if self.is_said_anyway(renderer, number) {
            return None;
        }
        let secret = &self.secrets.all[number as usize];
        if let Output::Notice(at) = output {
            let notice = &renderer.index.notices[at as usize];
            // Of the article's file only the reason is for readers.
            let is_said = letters(&notice.reason).contains(&secret.letters);
            let place = Place::file(&*renderer.index.rows[notice.row as usize].path);
            return Some(match is_said {
                true => self.warning(renderer, number, place),
                false => self.leak(renderer, path, number),
            });
        }
        let own = own_sources(renderer, output);
        let in_own = own.iter().find_map(|source| self.place_in(renderer, source, secret, path));
        let elsewhere = || match (self.anywhere(renderer, number), output) {
            (Some(Attribution::Here(place)), _) => Some(place.clone()),
            // Whatever is in it is the owner's.
            (_, Output::File(row)) => Some(Place::file(&*renderer.index.rows[row as usize].path)),
            _ => None,
        };
        Some(match in_own.or_else(elsewhere) {
            Some(place) => self.warning(renderer, number, place),
            None => self.leak(renderer, path, number),
        })
    }

    fn warning(&self, renderer: &Renderer, number: u32, place: Place) -> Diagnostic {
        let secret = &self.secrets.all[number as usize];
        let source = &renderer.index.rows[secret.row as usize].path;
        Diagnostic::warning(format!("this gives away {} of {source}, which is withheld", secret.name()))
            .at(place)
            .hint("reword it, or publish it together with that article")
    }

    fn leak(&self, renderer: &Renderer, path: &str, number: u32) -> Diagnostic {
        let secret = &self.secrets.all[number as usize];
        let address = path.strip_suffix("index.html").unwrap_or(path);
        let source = &*renderer.index.rows[secret.row as usize].path;
        Diagnostic::error(format!("/{address} would give away {} of {source}, which is withheld", secret.name()))
            .at(Place::file(source))
            .hint("if no theme or text of yours puts these words together, please report this")
    }

    /// The place in a source at which a secret stands first; `output` is the file that the source is shown in.
    fn place_in(&self, renderer: &Renderer, source: &str, secret: &Secret, output: &str) -> Option<Place> {
        self.place_of(source, &renderer.source_text(source)?, secret, output)
    }

    fn place_of(&self, source: &str, text: &str, secret: &Secret, output: &str) -> Option<Place> {
        if let Some(range) = self.find(text, secret, output) {
            return Some(Place::span(source, text, range));
        }
        // It is written with entities or escapes: then it is in whatever goes on to the end of its line.
        let plain = |text: &str| String::from_utf8_lossy(&decoded(text.as_bytes())).into_owned();
        let is_in = |text: &str| self.find(&plain(text), secret, output).is_some();
        let ends: Vec<usize> = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]).collect();
        let line = ends.partition_point(|end| !is_in(&text[..*end]));
        let end = *ends.get(line)?;
        let start = line.checked_sub(1).map_or(0, |before| ends[before] + 1);
        Some(Place::span(source, text, start..end))
    }

    fn find(&self, text: &str, secret: &Secret, output: &str) -> Option<Range<usize>> {
        if secret.what == What::Address {
            let lower = text.to_ascii_lowercase();
            let is_whole = |start: &usize| is_address(&lower, *start..start + secret.letters.len());
            let plain = lower.match_indices(&secret.letters).map(|(start, _)| start).find(is_whole);
            return plain
                .map(|start| start..start + secret.letters.len())
                .or_else(|| self.secrets.address_in(text, secret, output));
        }
        let without = without_destinations(text);
        Read::of(without.as_bytes())
            .find(&secret.letters)
            .or_else(|| Read::without_notes(without.as_bytes()).find(&secret.letters))
            .or_else(|| Read::with_tags(text.as_bytes()).find(&secret.letters))
    }

    /// The secrets that consist of two visible names, one of them that of the site: most pages have such a title.
    fn titles_of_pages(&self, renderer: &Renderer) -> Vec<u32> {
        let index = &renderer.index;
        let titles = |(number, row): (usize, &Row)| match (index.role(number as u32), row.record()) {
            (Role::Article(_) | Role::Page(_), Record::Entry(entry)) => Some(letters(&entry.core.title)),
            _ => None,
        };
        let mut names: FxHashSet<String> = index.rows.iter().enumerate().filter_map(titles).collect();
        names.extend(index.sections.iter().map(|section| letters(&section.title)));
        names.extend(index.terms.iter().map(|term| letters(&term.name)));
        let sites: FxHashSet<String> = renderer
            .config
            .languages
            .iter()
            .map(|language| letters(&language.title))
            .filter(|name| !name.is_empty())
            .collect();
        let is_title = |secret: &Secret| {
            sites.iter().any(|site| {
                let rest = [secret.letters.strip_suffix(&**site), secret.letters.strip_prefix(&**site)];
                rest.into_iter().flatten().any(|name| names.contains(name))
            })
        };
        let all = self.secrets.all.iter().enumerate();
        all.filter(|(_, secret)| secret.what != What::Address && is_title(secret))
            .map(|(number, _)| number as u32)
            .collect()
    }

    /// What the sources that any page may show say of the secrets.
    fn say(&self, renderer: &Renderer) -> FxHashMap<u32, Attribution> {
        let finder = Finder::of(&self.secrets.all);
        let mut said: FxHashMap<u32, Attribution> = FxHashMap::default();
        for text in renderer.theme.built_in_texts() {
            let found = finder.find(without_template_comments(&text).as_bytes());
            said.extend(found.into_iter().map(|number| (number, Attribution::Anyway)));
        }
        said.extend(self.titles_of_pages(renderer).into_iter().map(|number| (number, Attribution::Anyway)));
        let index = &renderer.index;
        let found: Vec<(u32, Option<u32>)> = index
            .rows
            .par_iter()
            .enumerate()
            .with_min_len(64)
            .filter(|(number, row)| is_seen(index, *number as u32, row))
            .flat_map_iter(|(number, row)| {
                let title = match row.record() {
                    Record::Entry(entry) => {
                        let mut own = finder.find(entry.core.title.as_bytes());
                        own.extend(finder.in_words(&Read::of(entry.slug.as_bytes())));
                        own
                    }
                    _ => Vec::new(),
                };
                // In JSON all its texts stand apart.
                let all = finder.find(&serde_json::to_vec(&row.record()).unwrap_or_default());
                title
                    .into_iter()
                    .map(|one| (one, None))
                    .chain(all.into_iter().map(move |one| (one, Some(number as u32))))
            })
            .collect();
        // Headlines first, then in the order of the sources.
        for (number, row) in found.iter().filter(|(_, row)| row.is_none()).chain(&found) {
            said.entry(*number).or_insert_with(|| match row {
                None => Attribution::Anyway,
                Some(row) => {
                    let path = &*index.rows[*row as usize].path;
                    let secret = &self.secrets.all[*number as usize];
                    Attribution::Here(self.place_in(renderer, path, secret, "").unwrap_or_else(|| Place::file(path)))
                }
            });
        }
        // Files whose text is in no record: the configuration, data, introductions and biographies, and the site's own
        // theme.
        let files = index.rows.iter().enumerate().filter(|(number, row)| {
            let is_in_text = ["data/", "includes/"].iter().any(|folder| row.path.starts_with(folder))
                || article::is_markdown(&row.path)
                || is_in_pages(&row.path);
            index.role(*number as u32) == Role::Other && is_in_text && !is_unread(&row.record)
        });
        for path in std::iter::once(crate::config::FILE).chain(files.map(|(_, row)| &*row.path)) {
            let Some(mut text) = renderer.source_text(path) else { continue };
            if is_in_pages(path) {
                text = without_template_comments(&text);
            }
            for number in finder.find(text.as_bytes()) {
                let secret = &self.secrets.all[number as usize];
                said.entry(number).or_insert_with(|| {
                    Attribution::Here(self.place_of(path, &text, secret, "").unwrap_or_else(|| Place::file(path)))
                });
            }
        }
        said
    }
}

/// Finds all secrets in the texts of sources.
struct Finder {
    /// The numbers of headlines and slugs, and of addresses.
    words: (Vec<u32>, AhoCorasick),
    addresses: (Vec<u32>, AhoCorasick),
}

impl Finder {
    fn of(secrets: &[Secret]) -> Self {
        let of_sort = |is_address: bool| {
            let all = secrets.iter().enumerate();
            let all = all.filter(|(_, secret)| (secret.what == What::Address) == is_address);
            let (numbers, texts): (Vec<u32>, Vec<&str>) =
                all.map(|(number, secret)| (number as u32, secret.letters.as_str())).unzip();
            (numbers, AhoCorasick::new(texts).expect("fewer patterns than there are numbers"))
        };
        Self { words: of_sort(false), addresses: of_sort(true) }
    }

    fn find(&self, text: &[u8]) -> Vec<u32> {
        let text = decoded(text);
        let plain = String::from_utf8_lossy(&text).to_lowercase();
        let shown = without_destinations(&plain);
        let mut found = self.in_words(&Read::of(shown.as_bytes()));
        found.extend(self.in_words(&Read::without_notes(shown.as_bytes())));
        found.extend(self.in_words(&Read::with_tags(&text)));
        let (numbers, finder) = &self.addresses;
        let hits = finder.find_overlapping_iter(&plain).filter(|hit| is_address(&plain, hit.start()..hit.end()));
        found.extend(hits.map(|hit| numbers[hit.pattern().as_usize()]));
        found
    }

    fn in_words(&self, read: &Read) -> Vec<u32> {
        let (numbers, finder) = &self.words;
        let hits = finder.find_overlapping_iter(&read.letters).filter(|hit| read.is_whole(hit.start()..hit.end()));
        hits.map(|hit| numbers[hit.pattern().as_usize()]).collect()
    }
}

/// Whether a part of a text is an address as a whole.
fn is_address(text: &str, part: Range<usize>) -> bool {
    is_start_of_address(&text[..part.start]) && is_end_of_address(&text[part.end..])
}

/// The text of a template with blanks where its comments are, which no page shows.
fn without_template_comments(text: &str) -> String {
    let mut plain = text.to_owned();
    let mut at = 0;
    while let Some(start) = memchr::memmem::find(&plain.as_bytes()[at..], b"{#").map(|found| at + found) {
        let end = plain[start..].find("#}").map_or(plain.len(), |length| start + length + 2);
        let blanks: String = plain[start..end].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        plain.replace_range(start..end, &blanks);
        at = end;
    }
    plain
}

/// Markdown with blanks where its links lead, which readers do not see between the words.
fn without_destinations(text: &str) -> String {
    let mut plain = text.to_owned();
    let mut at = 0;
    while let Some(start) = memchr::memmem::find(&plain.as_bytes()[at..], b"](").map(|found| at + found + 1) {
        let end = plain[start..].find([')', '\n']).map_or(plain.len(), |length| start + length);
        plain.replace_range(start..end, &" ".repeat(end - start));
        at = end;
    }
    plain
}

/// What finds the addresses of notices, and the old ones that lead to them; nothing if there are none.
fn addresses_of_notices(renderer: &Renderer) -> Option<AhoCorasick> {
    let (index, config) = (&renderer.index, &renderer.config);
    let old = renderer
        .plan
        .aliases
        .iter()
        .filter(|alias| alias.row.is_some_and(|row| states::notice_of(index, row).is_some()));
    let old = old.map(|alias| address::encode(config, &alias.from));
    let mut all: Vec<String> = index.notices.iter().map(|notice| notice.url.to_string()).chain(old).collect();
    all.retain(|url| url.len() > config.base_path.len());
    let escaped: Vec<String> =
        all.iter().map(|url| html_escape::encode_double_quoted_attribute(url).into_owned()).collect();
    all.extend(escaped);
    let mut builder = AhoCorasick::builder();
    builder.match_kind(aho_corasick::MatchKind::LeftmostLongest);
    (!all.is_empty()).then(|| builder.build(all).ok()).flatten()
}

/// The sources whose bodies the output shows: its own, its comments, and those of a feed.
fn own_sources(renderer: &Renderer, output: Output) -> Vec<String> {
    let path = |row: u32| renderer.index.rows[row as usize].path.to_string();
    if let Output::Asset(at) = output {
        return renderer.theme.assets[at as usize].row.map(path).into_iter().collect();
    }
    match output {
        Output::Feed(at, _) => {
            let listing = &renderer.plan.listings[at as usize];
            let articles = renderer.feed_articles(listing).into_iter();
            articles.map(|id| path(renderer.index.article(id).row)).collect()
        }
        Output::Listing(at, _) => {
            let listing = &renderer.plan.listings[at as usize];
            let row = match &listing.scope {
                Scope::Section(section) => renderer.index.sections[usize::from(*section)].row,
                Scope::Term(Taxonomy::Authors, slug) => {
                    renderer.index.terms.get(listing.language, Taxonomy::Authors, slug).and_then(|author| author.row)
                }
                _ => None,
            };
            row.map(path).into_iter().collect()
        }
        _ => renderer.plan.own_row(output, &renderer.index).map(path).into_iter().collect(),
    }
}

/// Whether a source is a file of a theme that stands in pages. (What is in `static/` is published by itself.)
fn is_in_pages(path: &str) -> bool {
    let below = path.strip_prefix("themes/").and_then(|path| path.split_once('/'));
    below.is_some_and(|(_, path)| theme::is_in_pages(path))
}

/// Whether a source is seen by readers.
fn is_seen(index: &Index, number: u32, row: &Row) -> bool {
    match index.role(number) {
        Role::Article(_) | Role::Page(_) => true,
        Role::Withheld | Role::Hidden => false,
        Role::Other if is_unread(&row.record) => false,
        Role::Other => {
            article::is_markdown(&row.path)
                || article::is_comments(&row.path)
                    && MARKDOWN.iter().any(|ending| {
                        let article = format!("{}{ending}", row.path.trim_end_matches(COMMENTS));
                        index.row_of(&article).is_some_and(|row| index.role(row) != Role::Withheld)
                    })
        }
    }
}
