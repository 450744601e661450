//! Live pages: the server says that something was changed, and the page reads again what it shows, in the way in which it has
//! read it before. Nothing of it where scripts are off.
//!
//! Nobody who types, has ticked something or has a dialog open is disturbed: what the page shows is read again when they are done.

use std::time::Duration;

use futures_channel::oneshot;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::web_sys::{EventSource, HtmlInputElement, HtmlTextAreaElement, MessageEvent, Node, js_sys};
use serde::{Deserialize, Serialize};

use super::read::Changes;

/// When the server began to make the page, in milliseconds since the Unix epoch: what changed since then may be missing in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedAt(pub i64);

impl RenderedAt {
    /// This moment, on the server; the browser reads it out of the page.
    pub fn now() -> Self {
        #[cfg(feature = "ssr")]
        {
            use std::time::{SystemTime, UNIX_EPOCH};
            let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Self(i64::try_from(elapsed.as_millis()).unwrap_or_default())
        }
        #[cfg(not(feature = "ssr"))]
        {
            Self::default()
        }
    }
}

/// What the server says; all that it can say stands in `server/src/live/watcher.rs`.
const WORDS: [&str; 6] = ["hello", "changed", "deliveries", "rights", "closed", "signed-out"];
/// Milliseconds until a connection that was lost is tried again, the first time and at most.
const PAUSE: (u32, u32) = (1_000, 60_000);
/// How long a change has settled before the page is read again: whoever made it themselves is on their way elsewhere by then.
const SETTLED: Duration = Duration::from_millis(150);
/// How often it is looked whether somebody is done.
const LOOK: Duration = Duration::from_millis(400);
/// How long leaving a page may take that was ended by whoever looks at it: they are led elsewhere already.
const LEAVING: Duration = Duration::from_millis(250);
/// Until a page that was not left after all is live again.
const STAYED: Duration = Duration::from_secs(5);

/// What is to be done once nobody is disturbed by it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    #[default]
    Nothing,
    /// The page is read again.
    Read,
    /// The page is loaded anew: it is for somebody with other rights.
    Load,
}

#[derive(Default)]
struct Line {
    of: String,
    source: Option<EventSource>,
    hears: Option<Closure<dyn Fn(MessageEvent)>>,
    fails: Option<Closure<dyn Fn()>>,
    timer: Option<TimeoutHandle>,
    /// Connections that were lost one after the other.
    lost: u32,
    due: Due,
    /// Whether somebody is waited for.
    waits: bool,
    /// Whether the server has let the page in once.
    greeted: bool,
    is_over: bool,
}

/// The line to the server.
#[derive(Clone, Copy)]
struct Live {
    line: StoredValue<Line, LocalStorage>,
    /// The moment up to which the page is right.
    since: StoredValue<String>,
    changes: Changes,
    closed: Callback<()>,
}

/// Keeps the pages of the frame around the caller live. `topic` is what they show: `account`, `tenant`, or an organization's id;
/// `closed` is what to do once that may not be looked at any more.
pub fn use_live(topic: Signal<String>, closed: Callback<()>) {
    let changes = Changes::around();
    let RenderedAt(rendered_at) = use_context().unwrap_or_default();
    let since = StoredValue::new(rendered_at.to_string());
    Effect::new(move |_| {
        let line = StoredValue::new_local(Line {
            of: topic.get(),
            ..Line::default()
        });
        let live = Live {
            line,
            since,
            changes,
            closed,
        };
        line.try_update_value(|line| {
            line.hears = Some(Closure::<dyn Fn(MessageEvent)>::new(
                move |event: MessageEvent| {
                    live.hear(&event);
                },
            ));
            line.fails = Some(Closure::<dyn Fn()>::new(move || live.fail()));
        });
        // Pages that nobody sees are not live; they catch up when somebody looks.
        let seen = window_event_listener_untyped("visibilitychange", move |_| live.open());
        let leaving = window_event_listener_untyped("beforeunload", move |_| {
            live.hang_up();
            live.open_in(STAYED);
        });
        live.open();
        on_cleanup(move || {
            seen.remove();
            leaving.remove();
            live.hang_up();
        });
    });
}

impl Live {
    /// Connects anew, where somebody sees the page.
    fn open(self) {
        self.hang_up();
        if document().hidden() {
            return;
        }
        let since = self.since.try_get_value().unwrap_or_default();
        self.line.try_update_value(|line| {
            let (Some(hears), Some(fails)) = (&line.hears, &line.fails) else {
                return;
            };
            if line.is_over {
                return;
            }
            let Ok(source) = EventSource::new(&format!("/live?of={}&since={since}", line.of)) else {
                return;
            };
            for word in WORDS {
                let _ = source.add_event_listener_with_callback(word, hears.as_ref().unchecked_ref());
            }
            source.set_onerror(Some(fails.as_ref().unchecked_ref()));
            line.source = Some(source);
        });
    }

    fn hang_up(self) {
        self.line.try_update_value(|line| {
            if let Some(source) = line.source.take() {
                source.close();
            }
            if let Some(timer) = line.timer.take() {
                timer.clear();
            }
        });
    }

    fn open_in(self, pause: Duration) {
        let timer = set_timeout_with_handle(move || self.open(), pause).ok();
        self.line.try_update_value(|line| line.timer = timer);
    }

    /// The connection is lost, or there was none to be had: each time it is waited longer. Browsers would ask every few
    /// seconds, for ever, and all of them at once.
    fn fail(self) {
        self.hang_up();
        let lost = self.line.try_update_value(|line| {
            line.lost = line.lost.saturating_add(1);
            line.lost
        });
        self.open_in(pause_after(lost.unwrap_or(1), js_sys::Math::random()));
    }

    fn hear(self, event: &MessageEvent) {
        let said = event.last_event_id();
        if !said.is_empty() {
            self.since.try_set_value(said);
        }
        self.line.try_update_value(|line| line.lost = 0);
        match event.type_().as_str() {
            "hello" => {
                self.line.try_update_value(|line| line.greeted = true);
            }
            "changed" => self.wait_for(Due::Read),
            "deliveries" if shows_deliveries() => self.wait_for(Due::Read),
            "rights" => self.wait_for(Due::Load),
            "signed-out" => {
                self.end();
                // Loaded anew, it leads to the sign-in page and back.
                set_timeout(load_anew, LEAVING);
            }
            "closed" => {
                let greeted = self.line.try_with_value(|line| line.greeted);
                self.end();
                // A page that was never live has been told by the server already why.
                if greeted == Some(true) {
                    self.closed.run(());
                }
            }
            _ => {}
        }
    }

    fn end(self) {
        self.hang_up();
        self.line.try_update_value(|line| line.is_over = true);
    }

    /// Does something at once or, where that would disturb somebody, when they are done.
    fn wait_for(self, due: Due) {
        let waits = self.line.try_update_value(|line| {
            line.due = line.due.max(due);
            std::mem::replace(&mut line.waits, true)
        });
        if waits == Some(false) {
            set_timeout(move || self.look(), SETTLED);
        }
    }

    fn look(self) {
        let loads = self.line.try_with_value(|line| line.due == Due::Load);
        if is_busy() || (loads == Some(true) && is_told_something()) {
            set_timeout(move || self.look(), LOOK);
            return;
        }
        let due = self.line.try_update_value(|line| {
            line.waits = false;
            std::mem::take(&mut line.due)
        });
        match due {
            Some(Due::Read) => self.changes.by_others(),
            Some(Due::Load) => load_anew(),
            Some(Due::Nothing) | None => {}
        }
    }
}

/// Whether the page is about endpoints for events, and what was sent to them.
fn shows_deliveries() -> bool {
    let path = window().location().pathname();
    path.is_ok_and(|path| path.contains("/webhooks"))
}

/// Waits until nobody is in the middle of something.
pub async fn nobody_disturbed() {
    while is_busy() {
        let (tell, looked) = oneshot::channel();
        set_timeout(
            move || {
                let _ = tell.send(());
            },
            LOOK,
        );
        let _ = looked.await;
    }
}

/// Loads the page anew: the server knows who looks at it now, and what they may.
pub fn load_anew() {
    let _ = window().location().reload();
}

/// How long it is waited after so many connections that were lost, by chance up to half as long more or less.
fn pause_after(lost: u32, chance: f64) -> Duration {
    let (first, most) = PAUSE;
    let pause = first
        .saturating_mul(2u32.saturating_pow(lost.saturating_sub(1)))
        .min(most);
    Duration::from_millis(pause.into()).mul_f64(0.5 + chance)
}

/// Whether somebody is in the middle of something: a dialog or a menu is open, both versions of something are to be chosen
/// from, or a field holds what is not sent.
fn is_busy() -> bool {
    let page = document();
    let open = page.query_selector("dialog[open], [popover]:popover-open, #content .versions");
    if open.is_ok_and(|open| open.is_some()) {
        return true;
    }
    let Ok(fields) = page.query_selector_all("#content :is(input, textarea)") else {
        return false;
    };
    (0..fields.length())
        .filter_map(|at| fields.item(at))
        .any(is_filled_in)
}

/// Whether a message is on the screen, which a page that is loaded anew would not have.
fn is_told_something() -> bool {
    document()
        .query_selector(".toast--success")
        .is_ok_and(|toast| toast.is_some())
}

/// Whether a field holds something else than the page gave it. What stands in a closed dialog was given up.
fn is_filled_in(field: Node) -> bool {
    match field.dyn_into::<HtmlInputElement>() {
        Ok(input) => {
            // A box's value is what is sent of it, typed by nobody.
            let is_other = match input.type_().as_str() {
                "checkbox" | "radio" => input.checked() != input.default_checked(),
                _ => input.value() != input.default_value(),
            };
            is_other && !input.closest("dialog").is_ok_and(|dialog| dialog.is_some())
        }
        Err(other) => other.dyn_into::<HtmlTextAreaElement>().is_ok_and(|area| {
            area.default_value().is_ok_and(|given| given != area.value())
                && !area.closest("dialog").is_ok_and(|dialog| dialog.is_some())
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_is_lost_again_and_again_is_tried_ever_less() {
        let of = |lost| pause_after(lost, 0.5).as_millis();
        assert_eq!(
            [1, 2, 3, 6, 7, 100].map(of),
            [1_000, 2_000, 4_000, 32_000, 60_000, 60_000]
        );
        assert_eq!(
            (pause_after(1, 0.0).as_millis(), pause_after(9, 1.0).as_millis()),
            (500, 90_000)
        );
    }
}
