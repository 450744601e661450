//! A browser without the browser: cookies are kept, forms are sent from a page, redirects are followed.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, header};
use server::config::{Config, Flags};
use server::console::Console;
use server::start;
use tower::ServiceExt as _;

pub const URL: &str = "https://console.example";

pub struct Browser {
    pub console: Console,
    pub router: Router,
    pub cookies: Vec<(String, String)>,
    _folder: tempfile::TempDir,
}

/// What came back.
pub struct Page {
    pub response: Response<()>,
    pub text: String,
}

impl Page {
    pub fn header(&self, name: &str) -> &str {
        self.response
            .headers()
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }
}

impl Browser {
    pub async fn open() -> Browser {
        let folder = tempfile::tempdir().unwrap();
        let flags = Flags {
            database_url: Some(format!("sqlite://{}", folder.path().join("test.db").display())),
            public_url: Some(URL.to_owned()),
            ..Flags::default()
        };
        let config = Config::load(&flags).unwrap();
        let console = start::open(&config).await.unwrap();
        let router = server::router(&console, &config);
        Browser {
            console,
            router,
            cookies: Vec::new(),
            _folder: folder,
        }
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Page {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        request
            .headers_mut()
            .insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            assert!(
                cookie.starts_with("__Host-") || cookie.starts_with("theme="),
                "{cookie}"
            );
            assert!(
                cookie.contains("; Secure")
                    && cookie.contains("; HttpOnly")
                    && cookie.contains("; SameSite=Lax"),
                "{cookie}"
            );
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Page {
            text: String::from_utf8_lossy(&bytes).into_owned(),
            response: Response::from_parts(parts, ()),
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(
            Request::get(path)
                .header(header::ACCEPT, "text/html")
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    /// A form without scripts, on the page `from`.
    pub async fn post(&mut self, from: &str, function: &str, form: &str) -> Page {
        let request = Request::post(format!("/rpc/{function}"))
            .header(header::ACCEPT, "text/html,application/xhtml+xml")
            .header(header::ORIGIN, URL)
            .header(header::REFERER, format!("{URL}{from}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap())
            .await
    }

    /// Follows the answer to a form.
    pub async fn follow(&mut self, page: &Page) -> Page {
        assert_eq!(page.status(), 303, "{}", page.text);
        let location = page.header("location").to_owned();
        self.get(location.strip_prefix(URL).unwrap_or(&location)).await
    }

    pub async fn set_up(&mut self) {
        let link = start::setup_link(&self.console).await.unwrap().expect("a link");
        let path = link.strip_prefix(URL).unwrap().to_owned();
        let token = path.rsplit('/').next().unwrap().to_owned();
        let form = format!("token={token}&email=ada%40console.example&password=correct+horse");
        let done = self.post(&path, "set_up", &form).await;
        assert_eq!((done.status(), done.header("location")), (303, "/admin"));
    }
}
