//! The environment, read once: every setting there is, and one clear line when one is wrong.

use std::collections::BTreeMap;
use std::env;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use ipnet::IpNet;
use sqlx::postgres::PgConnectOptions;
use url::Url;

use crate::mail::Relay;
use crate::values::secret::Secret;

/// What the environment may say; anything else that begins with `CAIRN_` is a mistake.
const KNOWN: &[&str] = &[
    "CAIRN_BIND",
    "CAIRN_DATA_DIR",
    "CAIRN_DEMO",
    "CAIRN_METRICS_TOKEN",
    "CAIRN_PUBLIC_URL",
    "CAIRN_SECRET_KEY",
    "CAIRN_SECRET_KEY_PREVIOUS",
    "CAIRN_SMTP_URL",
    // Of `cairn listen`; a server that runs in the same shell does not mind it.
    "CAIRN_TOKEN",
    "CAIRN_TRUSTED_PROXIES",
    "CAIRN_WEBHOOK_ALLOW_NETWORKS",
];

/// The shortest secret key that is taken, in bytes.
const SHORTEST_KEY: usize = 32;

/// The settings of a run.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where Postgres is; none: the private one.
    pub database_url: Option<Secret>,
    /// Where to listen.
    pub bind: SocketAddr,
    /// Where the private Postgres and the secret key are kept.
    pub data_dir: PathBuf,
    /// Where the world sees this server; none: whatever host a request names.
    pub public_url: Option<Url>,
    /// The key that signs and seals; required with a `DATABASE_URL`.
    pub secret_key: Option<Secret>,
    /// The one before, which still verifies and opens.
    pub previous_secret_key: Option<Secret>,
    /// The server that takes letters; none: they stay in the outbox.
    pub relay: Option<Relay>,
    /// Networks whose forwarding headers are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The token with which metrics may be read from elsewhere.
    pub metrics_token: Option<Secret>,
    /// Networks that webhooks may reach although they are private, by plain http too.
    pub webhook_networks: Vec<IpNet>,
    /// Whether a private Postgres gets a demo account.
    pub demo: bool,
}

/// A setting that is wrong, in one line for the operator.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl Config {
    /// Where the site is, as the operator says or else as it listens.
    pub fn address(&self, bind: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.to_string(),
            None => format!("http://{bind}/"),
        }
    }

    /// Reads the process's environment.
    ///
    /// # Errors
    /// [`ConfigError`] names the variable and says what it takes.
    pub fn from_environment() -> Result<Self, ConfigError> {
        let variables = env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self::read(&variables.filter(|(_, value)| !value.is_empty()).collect())
    }

    fn read(variables: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        refuse_unknown(variables)?;
        let get = |name: &str| variables.get(name).map(String::as_str);
        let public_url = get("CAIRN_PUBLIC_URL").map(public_url).transpose()?;
        let config = Self {
            database_url: get("DATABASE_URL").map(database_url).transpose()?,
            bind: parse(
                "CAIRN_BIND",
                get("CAIRN_BIND").unwrap_or("127.0.0.1:3000"),
                "an address and a port, such as 127.0.0.1:3000",
            )?,
            data_dir: PathBuf::from(get("CAIRN_DATA_DIR").unwrap_or(".cairn")),
            relay: relay(get("CAIRN_SMTP_URL"), public_url.as_ref())?,
            public_url,
            secret_key: secret_key("CAIRN_SECRET_KEY", get("CAIRN_SECRET_KEY"))?,
            previous_secret_key: secret_key(
                "CAIRN_SECRET_KEY_PREVIOUS",
                get("CAIRN_SECRET_KEY_PREVIOUS"),
            )?,
            trusted_proxies: networks("CAIRN_TRUSTED_PROXIES", get("CAIRN_TRUSTED_PROXIES"))?,
            metrics_token: get("CAIRN_METRICS_TOKEN").map(Secret::new),
            webhook_networks: networks(
                "CAIRN_WEBHOOK_ALLOW_NETWORKS",
                get("CAIRN_WEBHOOK_ALLOW_NETWORKS"),
            )?,
            demo: demo(get("CAIRN_DEMO"))?,
        };
        if config.database_url.is_some() && config.secret_key.is_none() {
            return Err(ConfigError(
                "CAIRN_SECRET_KEY is missing: with DATABASE_URL, set it to 32 or more random \
                 characters, the same for every process"
                    .to_owned(),
            ));
        }
        Ok(config)
    }
}

fn refuse_unknown(variables: &BTreeMap<String, String>) -> Result<(), ConfigError> {
    let unknown = |name: &&String| name.starts_with("CAIRN_") && !KNOWN.contains(&name.as_str());
    match variables.keys().find(unknown) {
        Some(name) => {
            Err(ConfigError(format!("{name} is not a setting; there are {}", KNOWN.join(", "))))
        }
        None => Ok(()),
    }
}

fn parse<T: FromStr>(name: &str, text: &str, takes: &str) -> Result<T, ConfigError> {
    text.parse().map_err(|_| ConfigError(format!("{name} takes {takes}, not {text:?}")))
}

/// What is wrong is not repeated: there may be a password in it.
fn database_url(text: &str) -> Result<Secret, ConfigError> {
    let is_postgres = text.starts_with("postgres://") || text.starts_with("postgresql://");
    match PgConnectOptions::from_str(text) {
        Ok(_) if is_postgres => Ok(Secret::new(text)),
        _ => Err(ConfigError(
            "DATABASE_URL takes the address of a Postgres, such as \
             postgres://cairn:password@db.example.com/cairn"
                .to_owned(),
        )),
    }
}

fn public_url(text: &str) -> Result<Url, ConfigError> {
    let takes = "the http or https address of the site’s root, such as https://cairn.example.com";
    let url: Url = parse("CAIRN_PUBLIC_URL", text, takes)?;
    let is_root = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.username().is_empty();
    if is_root { Ok(url) } else { Err(ConfigError(format!("CAIRN_PUBLIC_URL takes {takes}"))) }
}

/// What is wrong is not repeated: there may be a password in it.
fn relay(text: Option<&str>, site: Option<&Url>) -> Result<Option<Relay>, ConfigError> {
    let relay = text.map(|text| Relay::parse(text, site)).transpose();
    relay.map_err(|invalid| ConfigError(format!("CAIRN_SMTP_URL: {invalid}")))
}

fn secret_key(name: &str, text: Option<&str>) -> Result<Option<Secret>, ConfigError> {
    match text {
        Some(text) if text.len() < SHORTEST_KEY => Err(ConfigError(format!(
            "{name} is too short: it takes {SHORTEST_KEY} or more random characters"
        ))),
        text => Ok(text.map(Secret::new)),
    }
}

fn networks(name: &str, text: Option<&str>) -> Result<Vec<IpNet>, ConfigError> {
    let networks = text.unwrap_or("").split([',', ' ']).filter(|part| !part.is_empty());
    networks.map(|part| parse(name, part, "networks such as 10.0.0.0/8,fd00::/8")).collect()
}

fn demo(text: Option<&str>) -> Result<bool, ConfigError> {
    match text {
        None | Some("on") => Ok(true),
        Some("off") => Ok(false),
        Some(other) => Err(ConfigError(format!("CAIRN_DEMO takes on or off, not {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, String> {
        let variables =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::read(&variables.collect()).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_need_be_set() {
        let config = read(&[("HOME", "/home/olive")]).expect("a configuration");
        assert_eq!(config.bind.to_string(), "127.0.0.1:3000");
        assert!(config.demo);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (name, value) in [
            ("DATABASE_URL", "cairn"),
            ("DATABASE_URL", "mysql://db.example.com/cairn"),
            ("DATABASE_URL", "postgres://db.example.com:99999/cairn"),
            ("CAIRN_BNID", "127.0.0.1:3000"),
            ("CAIRN_BIND", "everywhere"),
            ("CAIRN_PUBLIC_URL", "cairn.example.com"),
            ("CAIRN_PUBLIC_URL", "https://example.com/cairn"),
            ("CAIRN_SECRET_KEY", "short"),
            ("CAIRN_SMTP_URL", "mail.example.com"),
            ("CAIRN_SMTP_URL", "smtp://mail.example.com"),
            ("CAIRN_TRUSTED_PROXIES", "10.0.0.1/40"),
            ("CAIRN_DEMO", "maybe"),
        ] {
            let error = read(&[(name, value)]).expect_err(name);
            assert!(error.contains(name), "{error}");
            assert_eq!(error.lines().count(), 1);
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        let config = read(&[
            ("CAIRN_SMTP_URL", "smtps://cairn:open-sesame@mail.example.com?from=a@example.com"),
            ("DATABASE_URL", "postgres://cairn:open-sesame@db.example.com/cairn"),
            ("CAIRN_SECRET_KEY", "open-sesame open-sesame open-sesame"),
        ]);
        let shown = format!("{:?}", config.expect("a configuration"));
        assert!(!shown.contains("sesame"), "{shown}");
    }

    #[test]
    fn a_database_of_ones_own_needs_a_key() {
        let error =
            read(&[("DATABASE_URL", "postgres://db.example.com/cairn")]).expect_err("no key");
        assert!(error.contains("CAIRN_SECRET_KEY"), "{error}");
    }
}
