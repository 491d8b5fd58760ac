//! The time zone of a site, which an export does not name: the one in which its local times and its moments agree.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Zones that are tried first, one of each kind; others are tried in the order of their names.
const FIRST: [(&str, &str); 26] = [
    ("UTC", ""),
    ("Europe/London", "en-GB"),
    ("Europe/Berlin", "de"),
    ("Europe/Paris", "fr"),
    ("Europe/Madrid", "es-ES"),
    ("Europe/Rome", "it"),
    ("Europe/Amsterdam", "nl"),
    ("Europe/Copenhagen", "da"),
    ("Europe/Stockholm", "sv"),
    ("Europe/Warsaw", "pl"),
    ("Europe/Lisbon", "pt-PT"),
    ("Europe/Helsinki", "fi"),
    ("Europe/Athens", "el"),
    ("America/New_York", "en"),
    ("America/Chicago", "en-US"),
    ("America/Denver", ""),
    ("America/Los_Angeles", ""),
    ("America/Sao_Paulo", "pt-BR"),
    ("America/Mexico_City", "es-MX"),
    ("Asia/Kolkata", "hi"),
    ("Asia/Tokyo", "ja"),
    ("Asia/Shanghai", "zh"),
    ("Australia/Sydney", "en-AU"),
    ("Pacific/Auckland", "en-NZ"),
    ("Africa/Lagos", ""),
    ("Asia/Dubai", "ar"),
];

/// The zone with the right offset at nearly all moments.
pub(super) fn guess(offsets: &[(i64, i32)], language: &str) -> Option<TimeZone> {
    if offsets.is_empty() {
        return None;
    }
    let fits = |name: &str| {
        let zone = TimeZone::get(name).ok()?;
        let right = offsets.iter().filter(|(moment, offset)| {
            Timestamp::from_second(*moment).is_ok_and(|moment| zone.to_offset(moment).seconds() == *offset)
        });
        // Moderators and plug-ins write a wrong time now and then.
        (right.count() * 100 >= offsets.len() * 98).then_some(zone)
    };
    let speaks =
        |tag: &str| !tag.is_empty() && (language.eq_ignore_ascii_case(tag) || language.split('-').next() == Some(tag));
    let spoken = FIRST.iter().filter(|(_, tag)| speaks(tag));
    let all = spoken.chain(FIRST.iter().filter(|(_, tag)| !speaks(tag))).map(|(name, _)| *name);
    if let Some(zone) = all.into_iter().find_map(fits) {
        return Some(zone);
    }
    let is_place = |name: &str| name.contains('/') && !name.starts_with("Etc/") && !name.starts_with("SystemV/");
    let mut names: Vec<String> =
        jiff::tz::db().available().map(|name| name.as_str().to_owned()).filter(|name| is_place(name)).collect();
    names.sort();
    names.iter().find_map(|name| fits(name)).or_else(|| nearest(offsets))
}

/// The zone that is right most often, if a site moved from one to another; none if even that is right for less than
/// half of its times.
fn nearest(offsets: &[(i64, i32)]) -> Option<TimeZone> {
    let zones = FIRST.iter().filter_map(|(name, _)| TimeZone::get(name).ok());
    let right = |zone: &TimeZone| {
        let is_right = |(moment, offset): &&(i64, i32)| {
            Timestamp::from_second(*moment).is_ok_and(|moment| zone.to_offset(moment).seconds() == *offset)
        };
        offsets.iter().filter(is_right).count()
    };
    let counted = zones.map(|zone| (right(&zone), zone)).max_by_key(|(number, _)| *number);
    counted.filter(|(number, _)| number * 2 >= offsets.len()).map(|(_, zone)| zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_is_the_one_in_which_times_agree() {
        let of = |name: &str| {
            let zone = TimeZone::get(name).expect("a zone");
            (0..40)
                .map(|month| 1_400_000_000 + month * 2_600_000)
                .map(|at| (at, zone.to_offset(Timestamp::from_second(at).expect("a moment")).seconds()))
                .collect::<Vec<_>>()
        };
        let guessed = |name: &str, language: &str| {
            guess(&of(name), language).and_then(|zone| zone.iana_name().map(str::to_owned))
        };
        assert_eq!(guessed("America/New_York", "en-US").as_deref(), Some("America/New_York"));
        assert_eq!(guessed("Europe/Copenhagen", "da-DK").as_deref(), Some("Europe/Copenhagen"));
        assert_eq!(guessed("UTC", "de").as_deref(), Some("UTC"));
        assert_eq!(guessed("Asia/Kathmandu", "ne").as_deref(), Some("Asia/Kathmandu"));
        assert!(guess(&[], "en").is_none());
    }
}
