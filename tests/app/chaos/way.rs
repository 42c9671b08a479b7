//! The way between the app and its server: it slows down, stalls, loses answers, and breaks.

use std::{net::Ipv4Addr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp},
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// How the way is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// As it should be.
    None,
    /// Each piece takes so long.
    Slow(Duration),
    /// Nothing passes, and nobody is told.
    Stalled,
    /// What is asked arrives, and no answer comes back; at the end connections break.
    Deaf,
    /// The server seems to have said its last word; what is asked still arrives.
    HalfClosed,
    /// Connections break, and there are no new ones.
    Broken,
}

/// The way. Every connection over it ends with it.
pub struct Way {
    port: u16,
    fault: watch::Sender<Fault>,
    passing: JoinHandle<()>,
}

impl Way {
    /// To the server on that port of this machine.
    pub async fn to(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let fault = watch::Sender::new(Fault::None);
        let passing = tokio::spawn(accept(listener, server, fault.subscribe()));
        Self { port, fault, passing }
    }

    /// Where the app finds the server.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on it is so.
    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        self.passing.abort();
    }
}

async fn accept(listener: TcpListener, server: u16, fault: watch::Receiver<Fault>) {
    let mut connections = JoinSet::new();
    while let Ok((app, _)) = listener.accept().await {
        if *fault.borrow() != Fault::Broken {
            connections.spawn(carry(app, server, fault.clone()));
        }
    }
}

/// Until either side hangs up, or the way breaks.
async fn carry(app: TcpStream, server: u16, fault: watch::Receiver<Fault>) {
    let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await else { return };
    let (from_app, to_app) = app.into_split();
    let (from_server, to_server) = server.into_split();
    let mut broken = fault.clone();
    tokio::select! {
        () = questions(from_app, to_server, fault.clone()) => {}
        () = answers(from_server, to_app, fault) => {}
        _ = broken.wait_for(|fault| *fault == Fault::Broken) => {}
    }
}

/// Returns when something may pass, as slowly as it has to.
async fn pass(fault: &mut watch::Receiver<Fault>) {
    let now = *fault.wait_for(|fault| *fault != Fault::Stalled).await.expect("the way is there");
    if let Fault::Slow(time) = now {
        tokio::time::sleep(time).await;
    }
}

async fn questions(
    mut from: tcp::OwnedReadHalf,
    mut to: tcp::OwnedWriteHalf,
    mut fault: watch::Receiver<Fault>,
) {
    let mut piece = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        pass(&mut fault).await;
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}

async fn answers(
    mut from: tcp::OwnedReadHalf,
    mut to: tcp::OwnedWriteHalf,
    mut fault: watch::Receiver<Fault>,
) {
    let mut piece = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        pass(&mut fault).await;
        let now = *fault.borrow();
        match now {
            // What follows would make no sense without what was lost.
            Fault::Deaf => return drop(fault.wait_for(|fault| *fault != Fault::Deaf).await),
            Fault::HalfClosed => {
                let _ = to.shutdown().await;
                return std::future::pending().await;
            }
            _ => {}
        }
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}
