//! The forms of addresses, host by host.

use super::*;

fn known(address: &str) -> Option<Embed> {
    recognise(address, &Embeds::default())
}

/// The player of an address.
fn player(address: &str) -> String {
    let embed = known(address).unwrap_or_else(|| panic!("{address} is not known"));
    embed.player.unwrap_or_else(|| panic!("{address} has no player")).url
}

fn assert_plain(addresses: &[&str]) {
    for address in addresses {
        assert_eq!(known(address), None, "{address}");
    }
}

#[test]
fn youtube() {
    let plain = "https://www.youtube-nocookie.com/embed/a1B2c3D4-_5?autoplay=1";
    for address in [
        "https://www.youtube.com/watch?v=a1B2c3D4-_5",
        "http://youtube.com/watch?feature=shared&v=a1B2c3D4-_5",
        "https://m.youtube.com/watch?v=a1B2c3D4-_5&pp=ygUF",
        "https://music.youtube.com/watch?v=a1B2c3D4-_5",
        "https://youtu.be/a1B2c3D4-_5?si=Zz",
        "https://www.youtube.com/live/a1B2c3D4-_5",
        "https://www.youtube.com/embed/a1B2c3D4-_5",
        "https://www.youtube-nocookie.com/embed/a1B2c3D4-_5",
        "https://www.youtube.com/v/a1B2c3D4-_5",
        "https://www.youtube.com/watch?v=a1B2c3D4-_5&list=WL",
    ] {
        assert_eq!(player(address), plain, "{address}");
        assert_eq!(known(address).expect("known").shape, Shape::Wide, "{address}");
    }
    let short = known("https://www.youtube.com/shorts/a1B2c3D4-_5").expect("known");
    assert_eq!((short.shape, short.player.expect("a player").url.as_str()), (Shape::Tall, plain));
    for (time, start) in [("t=90", 90), ("t=90s", 90), ("t=1m30s", 90), ("t=1h2m3s", 3723), ("start=7", 7)] {
        let with = format!("{plain}&start={start}");
        assert_eq!(player(&format!("https://youtu.be/a1B2c3D4-_5?{time}")), with, "{time}");
        assert_eq!(player(&format!("https://www.youtube.com/watch?v=a1B2c3D4-_5&{time}")), with, "{time}");
    }
    assert_eq!(player("https://youtu.be/a1B2c3D4-_5#t=90"), format!("{plain}&start=90"));
    for time in ["t=0", "t=soon", "t=99999999999999"] {
        assert_eq!(player(&format!("https://youtu.be/a1B2c3D4-_5?{time}")), plain, "{time}");
    }
    let list = known("https://www.youtube.com/playlist?list=PLa1B2c3").expect("known");
    assert_eq!(list.medium, Medium::Playlist);
    assert_eq!(
        list.player.expect("a player").url,
        "https://www.youtube-nocookie.com/embed/videoseries?autoplay=1&list=PLa1B2c3"
    );
    assert_eq!(
        player("https://www.youtube.com/watch?v=a1B2c3D4-_5&list=PLa1B2c3&index=2&t=5"),
        format!("{plain}&list=PLa1B2c3&start=5")
    );
    assert_plain(&[
        "https://www.youtube.com/",
        "https://www.youtube.com/@harbour",
        "https://www.youtube.com/channel/UCa1B2c3D4",
        "https://www.youtube.com/watch?v=tooshort",
        "https://www.youtube.com/watch?v=a1B2c3D4-_5%22",
        "https://www.youtube.com/watch",
        "https://www.youtube.com/playlist",
        "https://youtu.be/",
        "https://notyoutube.com/watch?v=a1B2c3D4-_5",
        "https://youtube.com.example.org/watch?v=a1B2c3D4-_5",
        "https://user:word@youtu.be/a1B2c3D4-_5",
    ]);
}

#[test]
fn vimeo() {
    let plain = "https://player.vimeo.com/video/123456789?dnt=1&autoplay=1";
    for address in [
        "https://vimeo.com/123456789",
        "https://www.vimeo.com/123456789/",
        "https://vimeo.com/channels/staffpicks/123456789",
        "https://vimeo.com/groups/harbour/videos/123456789",
        "https://vimeo.com/showcase/4242/video/123456789",
        "https://player.vimeo.com/video/123456789",
    ] {
        assert_eq!(player(address), plain, "{address}");
    }
    for address in ["https://vimeo.com/123456789/0a1b2c3d4e", "https://player.vimeo.com/video/123456789?h=0a1b2c3d4e"] {
        assert_eq!(player(address), format!("{plain}&h=0a1b2c3d4e"), "{address}");
    }
    assert_eq!(player("https://vimeo.com/123456789#t=1m5s"), format!("{plain}#t=65s"));
    assert_plain(&["https://vimeo.com/", "https://vimeo.com/harbour", "https://vimeo.com/123456789/a\"b"]);
}

#[test]
fn mastodon() {
    let address = "https://mastodon.social/@harbour/113000000000000001";
    assert_eq!(player(address), format!("{address}/embed"));
    assert_eq!(player("https://mastodon.social/users/harbour/statuses/113000000000000001"), format!("{address}/embed"));
    // Known by its form on every server; loaded from those that the site names.
    let elsewhere = "https://social.example/@harbour/113000000000000001";
    let card = known(elsewhere).expect("known");
    assert_eq!((card.provider, card.medium, &card.player), (EmbedProvider::Mastodon, Medium::Post, &None));
    let settings = Embeds { mastodon: vec!["social.example".into()], ..Embeds::default() };
    assert_eq!(
        recognise(elsewhere, &settings).and_then(|embed| embed.player).map(|player| player.host).as_deref(),
        Some("social.example")
    );
    assert_eq!(recognise(address, &settings).and_then(|embed| embed.player), None);
    // Seen from another server: no player there.
    let seen = known("https://mastodon.social/@harbour@social.example/113000000000000001").expect("known");
    assert_eq!(seen.player, None);
    assert_plain(&[
        "https://mastodon.social/@harbour",
        "https://mastodon.social/@harbour/media",
        "https://blog.example/@harbour/a-story-0a1b2c",
        "https://mastodon.social/harbour/113000000000000001",
        "https://videos.example/@harbour/video/7000000000000000001",
    ]);
}

#[test]
fn posts_elsewhere() {
    assert_eq!(
        player("https://bsky.app/profile/harbour.example/post/3kabcdefghi2x"),
        "https://embed.bsky.app/embed/harbour.example/app.bsky.feed.post/3kabcdefghi2x"
    );
    assert_eq!(
        player("https://bsky.app/profile/did:plc:abc123/post/3kabcdefghi2x"),
        "https://embed.bsky.app/embed/did:plc:abc123/app.bsky.feed.post/3kabcdefghi2x"
    );
    for address in [
        "https://x.com/harbour/status/1700000000000000001",
        "https://twitter.com/harbour/status/1700000000000000001?s=20",
        "https://mobile.twitter.com/harbour/status/1700000000000000001",
        "https://x.com/harbour/status/1700000000000000001/photo/1",
        "https://x.com/i/web/status/1700000000000000001",
        "https://x.com/i/status/1700000000000000001",
    ] {
        let wanted = "https://platform.twitter.com/embed/Tweet.html?id=1700000000000000001&dnt=true";
        assert_eq!(player(address), wanted, "{address}");
    }
    for address in [
        "https://www.instagram.com/p/CaBcDeFgHiJ/",
        "https://www.instagram.com/reel/CaBcDeFgHiJ/?igsh=x",
        "https://instagram.com/tv/CaBcDeFgHiJ",
        "https://www.instagram.com/harbour/p/CaBcDeFgHiJ/",
    ] {
        assert_eq!(player(address), "https://www.instagram.com/p/CaBcDeFgHiJ/embed/captioned/", "{address}");
    }
    assert_plain(&[
        "https://bsky.app/profile/harbour.example",
        "https://x.com/harbour",
        "https://x.com/harbour/status/latest",
        "https://www.instagram.com/harbour/",
        "https://www.instagram.com/stories/harbour/123456/",
    ]);
}

#[test]
fn soundcloud() {
    let start = "https://w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fharbour%2F";
    let end = "&auto_play=true&show_comments=false";
    assert_eq!(player("https://soundcloud.com/harbour/low-tide?in=x"), format!("{start}low-tide{end}"));
    assert_eq!(player("https://m.soundcloud.com/harbour/low-tide/s-A1b2"), format!("{start}low-tide%2Fs-A1b2{end}"));
    let set = known("https://soundcloud.com/harbour/sets/tides").expect("known");
    assert_eq!((set.medium, set.shape), (Medium::Playlist, Shape::List));
    assert_eq!(set.player.expect("a player").url, format!("{start}sets%2Ftides{end}"));
    let short = known("https://on.soundcloud.com/a1B2c").expect("known");
    assert_eq!((short.medium, short.player), (Medium::Audio, None));
    assert_plain(&[
        "https://soundcloud.com/harbour",
        "https://soundcloud.com/harbour/likes",
        "https://soundcloud.com/discover/sets",
    ]);
}

#[test]
fn files_by_their_ending() {
    let film = known("https://files.example/a/Film.MP4?x=1").expect("known");
    assert_eq!((film.medium, film.name.as_str()), (Medium::Video, "files.example"));
    let Player { element, url, host } = film.player.expect("a player");
    assert_eq!(
        (element, url.as_str(), host.as_str()),
        ("video", "https://files.example/a/Film.MP4?x=1", "files.example")
    );
    assert_eq!(known("https://files.example/a.ogg").and_then(|one| one.player).expect("a player").element, "audio");
    assert_eq!(known("http://files.example/a.ogg").expect("known").player, None, "no safe connection");
    let paper = known("https://files.example/report.pdf#page=3").expect("known");
    assert_eq!((paper.medium, paper.player), (Medium::Document, None));
    assert_plain(&[
        "https://files.example/a.zip",
        "https://files.example/a.jpg",
        "https://mp3",
        "ftp://files.example/a.mp3",
    ]);
}

#[test]
fn what_the_site_does_not_want_is_a_link() {
    let off = Embeds { enabled: false, ..Embeds::default() };
    assert_eq!(recognise("https://youtu.be/a1B2c3D4-_5", &off), None);
    assert!(frame_sources(&off).is_empty());
    let some = Embeds { providers: vec![EmbedProvider::Vimeo], ..Embeds::default() };
    assert_eq!(recognise("https://youtu.be/a1B2c3D4-_5", &some), None);
    assert!(recognise("https://vimeo.com/123456789", &some).is_some());
    assert_eq!(frame_sources(&some), ["https://player.vimeo.com"]);
}

#[test]
fn every_player_in_a_frame_is_from_a_host_that_the_policy_lets_in() {
    let sources = frame_sources(&Embeds::default());
    for address in [
        "https://youtu.be/a1B2c3D4-_5",
        "https://vimeo.com/123456789",
        "https://mastodon.social/@harbour/113000000000000001",
        "https://bsky.app/profile/harbour.example/post/3kabcdefghi2x",
        "https://x.com/harbour/status/1700000000000000001",
        "https://www.instagram.com/p/CaBcDeFgHiJ/",
        "https://soundcloud.com/harbour/low-tide",
    ] {
        let player = player(address);
        assert!(sources.iter().any(|source| player.starts_with(&format!("{source}/"))), "{player}");
    }
}
