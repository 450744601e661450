//! One HTTP request, and what came back.

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;

/// A request in the making.
pub struct Call(RequestBuilder);

impl Call {
    pub fn new(http: &Client, method: &str, url: String) -> Call {
        Call(http.request(Method::from_bytes(method.as_bytes()).unwrap(), url))
    }

    /// With an access token.
    pub fn token(self, token: &str) -> Call {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn header(self, name: &str, value: impl AsRef<str>) -> Call {
        Call(self.0.header(name, value.as_ref()))
    }

    /// With a JSON body.
    pub fn json(self, body: Value) -> Call {
        Call(self.0.json(&body))
    }

    /// With a body of any kind.
    pub fn body(self, kind: &str, text: impl Into<String>) -> Call {
        Call(self.0.header("content-type", kind).body(text.into()))
    }

    /// With a body that is no text.
    pub fn bytes(self, kind: &str, body: Vec<u8>) -> Call {
        Call(self.0.header("content-type", kind).body(body))
    }

    pub async fn send(self) -> Answer {
        let response = self.0.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer {
            status,
            headers,
            text,
            json,
        }
    }

    /// Sends it and expects a status.
    #[track_caller]
    pub fn expect(self, status: u16) -> impl Future<Output = Answer> {
        let place = std::panic::Location::caller();
        async move {
            let answer = self.send().await;
            assert_eq!(answer.status, status, "at {place}: {}", answer.text);
            answer
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The envelope's content.
    pub fn result(&self) -> &Value {
        &self.json["result"]
    }

    /// A text of the envelope's content.
    pub fn text_of(&self, field: &str) -> String {
        self.result()[field]
            .as_str()
            .unwrap_or_else(|| panic!("{field} in {}", self.text))
            .to_owned()
    }

    /// The fields that a 400 names.
    pub fn fields(&self) -> Vec<&str> {
        self.json["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|error| error["field"].as_str())
            .collect()
    }

    /// The texts of one field in a list.
    pub fn column(&self, field: &str) -> Vec<String> {
        let rows = self
            .result()
            .as_array()
            .unwrap_or_else(|| panic!("a list: {}", self.text));
        rows.iter()
            .map(|row| row[field].as_str().unwrap().to_owned())
            .collect()
    }
}
