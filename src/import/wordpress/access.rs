//! Who could read a post of WordPress, and until when: what plug-ins for members, paywalls and expiry keep in fields.
//!
//! It fails closed. There are more such plug-ins than anybody can list, so a field is known by the words of its name;
//! one that speaks of readers and whose value is not plainly "everybody" withholds the post, and the report names it.

use serde_json::Value;

use super::wxr::WxrItem;
use super::{blocks, php, shortcodes};

/// Words that alone say that something is for some readers only, or the names of plug-ins for that.
const ALONE: &[&str] = &[
    "acl",
    "leaky",
    "memberful",
    "memberpress",
    "membership",
    "memberships",
    "passster",
    "patreon",
    "paywall",
    "paywalled",
    "pmpro",
    "protected",
    "protection",
    "rcp",
    "restrict",
    "restricted",
    "restriction",
    "restrictions",
    "s2member",
    "simplewall",
    "wlm",
];
/// Words of readers, which say so beside one of [`RIGHTS`].
const READERS: &[&str] = &[
    "audience",
    "login",
    "logged",
    "member",
    "members",
    "newsletter",
    "paid",
    "plan",
    "plans",
    "premium",
    "role",
    "roles",
    "subscriber",
    "subscribers",
    "subscription",
    "user",
];
const RIGHTS: &[&str] = &[
    "access",
    "accessible",
    "allow",
    "allowed",
    "gate",
    "gated",
    "level",
    "levels",
    "lock",
    "locked",
    "only",
    "require",
    "required",
    "requires",
    "visibility",
];
/// Words of fields that say how something looks or is counted, and not who may read it.
const LOOKS: &[&str] = &[
    "address",
    "color",
    "colour",
    "count",
    "counts",
    "email",
    "excerpt",
    "free",
    "heading",
    "html",
    "image",
    "label",
    "link",
    "marketing",
    "message",
    "notice",
    "public",
    "style",
    "template",
    "text",
    "title",
    "url",
    "views",
];
/// The field in which Ultimate Member keeps who may read a post.
const ULTIMATE_MEMBER: &str = "um_content_restriction";

/// Why a post was not for everybody: a plug-in showed it, or a part of what it shows, to some readers only.
pub(super) fn for_some_only(item: &WxrItem, shown: &str) -> Option<String> {
    if let Some(name) = shortcodes::for_some_only(shown) {
        return Some(format!("with text for some readers only ([{name}])"));
    }
    if blocks::has_some_for_some_only(shown) {
        return Some("with a block for some readers only".into());
    }
    let (field, _) = item.meta.iter().find(|(field, value)| withholds(field, value.trim()))?;
    Some(format!("for some readers only (the field {})", crate::text::plain_line(field)))
}

/// Whether a field says that only some readers may see the post.
fn withholds(field: &str, value: &str) -> bool {
    if field == ULTIMATE_MEMBER {
        return is_of_ultimate_member(value);
    }
    let words = words(field);
    let is_of = |list: &[&str]| words.iter().any(|word| list.contains(&&**word));
    let is_access = || {
        is_of(READERS) && is_of(RIGHTS)
            || is_of(&["access"]) && is_of(&["control", "group", "groups", "level", "levels", "type"])
            || is_of(&["content", "post"]) && is_of(&["access", "gate", "gated", "lock", "locked", "visibility"])
    };
    let is_meant = is_of(ALONE) || is_access() || words == ["is", "paid"];
    is_meant && !is_of(LOOKS) && !is_everybody(&php::value(value).unwrap_or_else(|| value.into()))
}

/// The words of the name of a field, in small letters.
fn words(field: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in field.chars() {
        if !c.is_alphanumeric() || was_small && c.is_uppercase() {
            words.push(String::new());
        }
        words.last_mut().expect("it begins with one").extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        was_small = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a value means that everybody may read the post.
fn is_everybody(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(list) => list.iter().all(is_everybody),
        Value::Object(map) => map.values().all(is_everybody),
        Value::String(text) => {
            let text = text.trim().to_ascii_lowercase();
            matches!(
                &*text,
                "" | "0"
                    | "[]"
                    | "{}"
                    | "all"
                    | "anyone"
                    | "default"
                    | "disabled"
                    | "everybody"
                    | "everyone"
                    | "false"
                    | "free"
                    | "inherit"
                    | "no"
                    | "none"
                    | "null"
                    | "off"
                    | "open"
                    | "public"
                    | "visible"
            )
        }
        number => number.as_f64() == Some(0.0),
    }
}

/// Whether a value of that field names some readers. One that cannot be read does.
fn is_of_ultimate_member(value: &str) -> bool {
    let Some(map) = php::value(value) else { return !value.is_empty() };
    let is = |key: &str| !matches!(map[key].to_string().trim_matches('"'), "" | "0" | "null" | "false");
    is("_um_custom_access_settings") && is("_um_accessible")
}

/// When a plug-in stops showing a post: the first moment that a field about its end says.
pub(super) fn expires(item: &WxrItem) -> Option<String> {
    const END: [&str; 8] =
        ["expiration", "expirationdate", "expire", "expires", "expiry", "expirydate", "expired", "unpublish"];
    /// What may happen at the end besides: then the post stays.
    const OTHERS: [&str; 3] = ["stick", "unstick", "category"];
    let is_end = |field: &str| words(field).iter().any(|word| END.contains(&&**word));
    let fields = || item.meta.iter().filter(|(field, _)| is_end(field)).map(|(field, value)| (field, value.trim()));
    let is_off = fields().any(|(field, value)| {
        let name = words(field);
        let is = |word: &str| name.last().is_some_and(|last| last == word);
        is("type") && OTHERS.iter().any(|other| value.starts_with(other))
            || (is("status") || is("enabled") || is("enable"))
                && matches!(value, "" | "0" | "no" | "off" | "disable" | "disabled")
    });
    fields().filter(|_| !is_off).filter_map(|(_, value)| moment(value)).min()
}

/// A moment as a field says it: seconds since 1970, or a date with a time or without.
fn moment(value: &str) -> Option<String> {
    if value.bytes().all(|byte| byte.is_ascii_digit()) && (9..=11).contains(&value.len()) {
        return Some(jiff::Timestamp::from_second(value.parse().ok()?).ok()?.to_string());
    }
    let is_date = value.parse::<jiff::civil::Date>().is_ok() || value.parse::<jiff::civil::DateTime>().is_ok();
    is_date.then(|| value.replacen(' ', "T", 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_about_readers_is_known_by_its_words() {
        for (field, value) in [
            ("patreon-level", "5"),
            ("memberful_acl", "a:1:{i:0;s:2:\"12\";}"),
            ("_issuem_leaky_paywall_visibility", "a:2:{s:15:\"visibility_type\";s:4:\"only\";s:6:\"levels\";a:0:{}}"),
            ("_members_access_role", "subscriber"),
            ("_is_paid", "1"),
            ("rcp_subscription_level", "any"),
            ("pms-content-restrict-user-status", "loggedin"),
            ("_jetpack_newsletter_access", "subscribers"),
            ("_wlm_protected", "Y"),
            ("accessLevel", "gold"),
            ("requiredMembershipPlan", "3"),
            ("members_only", "yes"),
            ("content_gate", "1"),
        ] {
            assert!(withholds(field, value), "{field}");
        }
        for (field, value) in [
            ("patreon-level", "0"),
            ("memberful_acl", "a:1:{i:0;s:0:\"\";}"),
            ("_issuem_leaky_paywall_visibility", "a:1:{s:15:\"visibility_type\";s:7:\"default\";}"),
            ("_wc_memberships_force_public", "yes"),
            ("patreon_url", "https://patreon.example/"),
            ("members_count", "12"),
            ("level", "3"),
            ("um_content_restriction", ""),
            ("_thumbnail_id", "20"),
            ("user_level", ""),
            ("wheelchair_access", "ramp"),
        ] {
            assert!(!withholds(field, value), "{field}");
        }
    }
}
