//! Our own icons: one stroked path each, drawn on a 20 × 20 grid, so that no font and no sprite is fetched.

use leptos::prelude::*;

/// The pictures that the console knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    Home,
    Building,
    Organizations,
    Members,
    Person,
    Users,
    Team,
    Apps,
    Roles,
    Audit,
    Settings,
    Search,
    Plus,
    Dots,
    Check,
    CheckCircle,
    Cross,
    Warning,
    Info,
    Failed,
    Copy,
    ChevronDown,
    ChevronUp,
    ChevronLeft,
    ChevronRight,
    UpDown,
    ArrowUp,
    ArrowDown,
    ArrowRight,
    Mail,
    Phone,
    Key,
    Lock,
    Shield,
    Clock,
    Logout,
    Sun,
    Moon,
    Monitor,
    External,
    Trash,
    Pause,
    Play,
    Block,
    Filter,
    Download,
    Upload,
    Menu,
    Globe,
    Link,
    Edit,
    Eye,
    EyeOff,
    Refresh,
    Command,
    Inbox,
}

impl Glyph {
    /// The outline, as SVG path data.
    #[rustfmt::skip]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Home => "M2.5 9.5 10 3l7.5 6.5M4.5 8v8.5h4V12h3v4.5h4V8",
            Self::Building => "M4 17V4.5A1.5 1.5 0 0 1 5.5 3h5A1.5 1.5 0 0 1 12 4.5V17M12 8h2.5A1.5 1.5 0 0 1 16 9.5V17M2.5 17h15M7 6.5h2M7 9.75h2M7 13h2",
            Self::Organizations => "M2.5 17h15M3.5 7.5 10 3l6.5 4.5ZM5 7.5V14m3.3-6.5V14m3.4-6.5V14M15 7.5V14M3.5 14h13",
            Self::Members => "M7.75 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2 16.5c.4-2.7 2.7-4.2 5.75-4.2s5.35 1.5 5.75 4.2M12.9 3.9a3 3 0 0 1 0 5.2M15.2 12.7c1.5.7 2.5 2 2.8 3.8",
            Self::Person => "M10 9.5A3.25 3.25 0 1 0 10 3a3.25 3.25 0 0 0 0 6.5ZM3.5 17c.5-3 3.1-4.75 6.5-4.75S16 14 16.5 17",
            Self::Users => "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM5.2 15.7c.9-1.9 2.6-2.9 4.8-2.9s3.9 1 4.8 2.9",
            Self::Team => "M10 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM4.5 16.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM15.5 16.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM10 6.5v3.3M4.5 12.5v-1.2c0-.8.7-1.5 1.5-1.5h8c.8 0 1.5.7 1.5 1.5v1.2",
            Self::Apps => "M3.5 3.5h5v5h-5ZM11.5 3.5h5v5h-5ZM3.5 11.5h5v5h-5ZM11.5 11.5h5v5h-5Z",
            Self::Roles => "M5 3h10a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 15 17H5a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 5 3ZM10 10.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM6.5 14c.5-1.2 1.8-1.9 3.5-1.9s3 .7 3.5 1.9M8.5 3.5h3",
            Self::Audit => "M5 2.5h7L15.5 6v11.5H5ZM12 2.5V6h3.5M7.75 10h5M7.75 13.5h5",
            Self::Settings => "M3 6h7.5M15 6h2M3 14h2M9.5 14H17M12.75 8.25a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5ZM7.25 16.25a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5Z",
            Self::Search => "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM13 13l4 4",
            Self::Plus => "M10 4v12M4 10h12",
            Self::Dots => "M10 4.6a.5.5 0 1 0 0-1 .5.5 0 0 0 0 1ZM10 10.5a.5.5 0 1 0 0-1 .5.5 0 0 0 0 1ZM10 16.4a.5.5 0 1 0 0-1 .5.5 0 0 0 0 1Z",
            Self::Check => "M4 10.5 8 14.5 16 5.5",
            Self::CheckCircle => "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM6.75 10.25 9 12.5l4.25-5",
            Self::Cross => "M5 5l10 10M15 5 5 15",
            Self::Warning => "M10 3 17.8 16.5H2.2ZM10 8v3.5M10 14v.1",
            Self::Info => "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 9.25V13.5M10 6.4v.1",
            Self::Failed => "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 6.25V10.5M10 13.5v.1",
            Self::Copy => "M8.5 7h7A1.5 1.5 0 0 1 17 8.5v7a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 7 15.5v-7A1.5 1.5 0 0 1 8.5 7ZM4.5 13A1.5 1.5 0 0 1 3 11.5v-7A1.5 1.5 0 0 1 4.5 3h7A1.5 1.5 0 0 1 13 4.5",
            Self::ChevronDown => "M5.5 7.75 10 12.25l4.5-4.5",
            Self::ChevronUp => "M5.5 12.25 10 7.75l4.5 4.5",
            Self::ChevronLeft => "M12.25 5.5 7.75 10l4.5 4.5",
            Self::ChevronRight => "M7.75 5.5 12.25 10l-4.5 4.5",
            Self::UpDown => "M6.5 8 10 4.5 13.5 8M6.5 12l3.5 3.5 3.5-3.5",
            Self::ArrowUp => "M10 16V4M5.5 8.5 10 4l4.5 4.5",
            Self::ArrowDown => "M10 4v12M5.5 11.5 10 16l4.5-4.5",
            Self::ArrowRight => "M4 10h12M11.5 5.5 16 10l-4.5 4.5",
            Self::Mail => "M4 4.5h12A1.5 1.5 0 0 1 17.5 6v8a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 14V6A1.5 1.5 0 0 1 4 4.5ZM3 6l7 5 7-5",
            Self::Phone => "M5 3h2.5l1.5 4-2 1.5a9 9 0 0 0 4.5 4.5l1.5-2 4 1.5V15a2 2 0 0 1-2 2A12 12 0 0 1 3 5a2 2 0 0 1 2-2Z",
            Self::Key => "M6.5 17a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM9 11l7.5-7.5M13 7l2.25 2.25M15 5l1.75 1.75",
            Self::Lock => "M5.5 9h9A1.5 1.5 0 0 1 16 10.5v5a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 4 15.5v-5A1.5 1.5 0 0 1 5.5 9ZM6.75 9V6.25a3.25 3.25 0 0 1 6.5 0V9",
            Self::Shield => "M10 2.5 16 5v4.5c0 3.7-2.4 6.5-6 8-3.6-1.5-6-4.3-6-8V5ZM7.25 10l2 2 3.5-4",
            Self::Clock => "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM10 6v4l2.75 1.75",
            Self::Logout => "M8 17H4.5A1.5 1.5 0 0 1 3 15.5v-11A1.5 1.5 0 0 1 4.5 3H8M13 14l4-4-4-4M17 10H8",
            Self::Sun => "M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M15.7 4.3l-1.1 1.1M5.4 14.6l-1.1 1.1",
            Self::Moon => "M16.8 11.9A7 7 0 0 1 8.1 3.2a7 7 0 1 0 8.7 8.7Z",
            Self::Monitor => "M4 3.5h12A1.5 1.5 0 0 1 17.5 5v7a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 12V5A1.5 1.5 0 0 1 4 3.5ZM7 17h6M10 13.5V17",
            Self::External => "M8 4.5H5A1.5 1.5 0 0 0 3.5 6v9A1.5 1.5 0 0 0 5 16.5h9a1.5 1.5 0 0 0 1.5-1.5v-3M11.5 3.5h5v5M16.5 3.5 9.5 10.5",
            Self::Trash => "M3.5 5.5h13M8 5.5v-2h4v2M5 5.5l.8 11h8.4l.8-11M8.5 9v4.5M11.5 9v4.5",
            Self::Pause => "M7 4.5v11M13 4.5v11",
            Self::Play => "M6 4l10 6-10 6Z",
            Self::Block => "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM4.9 4.9l10.2 10.2",
            Self::Filter => "M3 5.5h14M5.5 10h9M8 14.5h4",
            Self::Download => "M10 3v9.5M6 8.5l4 4 4-4M3.5 16.5h13",
            Self::Upload => "M10 13V3.5M6 7.5l4-4 4 4M3.5 16.5h13",
            Self::Menu => "M3 5.5h14M3 10h14M3 14.5h14",
            Self::Globe => "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15ZM2.5 10h15M10 2.5c2 2 3 4.7 3 7.5s-1 5.5-3 7.5c-2-2-3-4.7-3-7.5s1-5.5 3-7.5Z",
            Self::Link => "M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1",
            Self::Edit => "M12.5 4.5l3 3L7 16l-3.75.75L4 13ZM11 6l3 3",
            Self::Eye => "M2 10c1.7-3.3 4.5-5 8-5s6.3 1.7 8 5c-1.7 3.3-4.5 5-8 5s-6.3-1.7-8-5ZM10 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
            Self::EyeOff => "M3.5 3.5l13 13M8.1 5.2c.6-.1 1.2-.2 1.9-.2 3.5 0 6.3 1.7 8 5-.6 1.1-1.3 2-2.1 2.8M5.6 6.4C4.1 7.2 2.9 8.4 2 10c1.7 3.3 4.5 5 8 5 1.4 0 2.7-.3 3.8-.8M8.3 8.2a2.5 2.5 0 0 0 3.5 3.5",
            Self::Refresh => "M16 8.5A6.3 6.3 0 0 0 4.5 7M4 3.5V7h3.5M4 11.5A6.3 6.3 0 0 0 15.5 13M16 16.5V13h-3.5",
            Self::Command => "M7.5 7.5h5v5h-5ZM7.5 7.5H5.75A1.75 1.75 0 1 1 7.5 5.75ZM12.5 7.5V5.75a1.75 1.75 0 1 1 1.75 1.75ZM12.5 12.5h1.75a1.75 1.75 0 1 1-1.75 1.75ZM7.5 12.5v1.75a1.75 1.75 0 1 1-1.75-1.75Z",
            Self::Inbox => "M3 11.5 5 4h10l2 7.5v4a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1ZM3 11.5h4l1 2h4l1-2h4",
        }
    }
}

/// A picture beside words; hidden from assistive technology, which reads the words.
#[component]
pub fn Icon(
    /// Which picture.
    glyph: Glyph,
    /// Extra classes, for example `icon--lg`.
    #[prop(optional, into)]
    class: &'static str,
) -> impl IntoView {
    let class = if class.is_empty() {
        "icon".to_owned()
    } else {
        format!("icon {class}")
    };
    view! {
        <svg class=class viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <path d=glyph.path() />
        </svg>
    }
}
