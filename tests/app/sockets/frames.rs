//! Frames in pieces, frames without end, frames that are none: what a message is made of.

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::AsyncWriteExt as _;
use tokio_tungstenite::MaybeTlsStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use super::scene::{RAILS, Scene, WebSocket, identifier, said, sent_away, subscribe};
use crate::support::server::patiently;

/// The largest message, in bytes.
const LARGEST: usize = 64 * 1024;

async fn send(socket: &mut WebSocket, opcode: Data, bytes: &[u8], is_last: bool) {
    let frame = Frame::message(bytes.to_vec(), OpCode::Data(opcode), is_last);
    socket.send(Message::Frame(frame)).await.expect("a socket that is open");
}

/// Bytes as they are, which a WebSocket library would not send.
async fn send_raw(socket: &mut WebSocket, bytes: &[u8]) {
    let MaybeTlsStream::Plain(stream) = socket.get_mut() else { panic!("no plain socket") };
    stream.write_all(bytes).await.expect("a socket that is open");
}

/// It is asked whether it lives, and answers.
async fn lives(socket: &mut WebSocket) {
    socket.send(Message::Ping("still there".into())).await.expect("a socket that is open");
    let answered = async {
        while let Some(Ok(message)) = socket.next().await {
            if matches!(message, Message::Pong(_)) {
                return;
            }
        }
        panic!("the socket was closed");
    };
    patiently("an answer to a ping", answered).await;
}

#[tokio::test]
async fn a_command_in_many_pieces_is_understood() {
    let scene = Scene::set().await;
    let mut socket = scene.welcomed(RAILS).await;
    let command = subscribe(&identifier(&scene.names().await[0])).to_string();
    let (first, rest) = command.as_bytes().split_at(1);
    send(&mut socket, Data::Text, first, false).await;
    for (number, byte) in rest.iter().enumerate() {
        send(&mut socket, Data::Continue, &[*byte], false).await;
        // What controls the connection may come between the pieces.
        if number % 100 == 0 {
            lives(&mut socket).await;
        }
    }
    send(&mut socket, Data::Continue, &[], true).await;
    assert_eq!(said(&mut socket).await["type"], "confirm_subscription");
    drop(socket);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_message_without_end_is_cut_where_messages_are_too_long() {
    let scene = Scene::set().await;
    let mut bystander = scene.bystander().await;
    let mut socket = scene.welcomed(RAILS).await;
    send(&mut socket, Data::Text, &[b'['; 1024], false).await;
    for _ in 1..LARGEST / 1024 {
        send(&mut socket, Data::Continue, &[b'['; 1024], false).await;
    }
    lives(&mut socket).await;
    send(&mut socket, Data::Continue, b"[", false).await;
    sent_away(&mut socket, "invalid_request").await;
    bystander.hears_the_next_card(&scene).await;
    drop(bystander);
    scene.app.finish().await;
}

#[tokio::test]
async fn frames_that_are_none_of_ours_end_the_connection_before_their_bytes_come() {
    let gigabyte = [&[0x81, 0xff][..], &(1_u64 << 30).to_be_bytes(), &[0; 4]].concat();
    let endless = [&[0x81, 0xff][..], &(u64::MAX >> 1).to_be_bytes(), &[0; 4]].concat();
    let frames = [
        ("a gigabyte is announced", gigabyte),
        ("more than there is", endless),
        ("one byte too many", [&[0x81, 0xff][..], &65_537_u64.to_be_bytes(), &[0; 4]].concat()),
        ("not masked", b"\x81\x02{}".to_vec()),
        ("reserved bits", b"\xf1\x80\0\0\0\0".to_vec()),
        ("a kind that there is not", b"\x83\x80\0\0\0\0".to_vec()),
        ("the middle of nothing", b"\x80\x80\0\0\0\0".to_vec()),
        ("a ping in pieces", b"\x09\x80\0\0\0\0".to_vec()),
        ("text that is no UTF-8", b"\x81\x82\0\0\0\0\xff\xfe".to_vec()),
        ("no frame at all", b"GET / HTTP/1.1\r\n\r\n".to_vec()),
    ];
    let scene = Scene::set().await;
    let mut bystander = scene.bystander().await;
    for (what, frame) in frames {
        let mut socket = scene.welcomed(RAILS).await;
        println!("{what}");
        send_raw(&mut socket, &frame).await;
        sent_away(&mut socket, "invalid_request").await;
    }
    // A source has no ears: its socket is closed.
    let path = scene.live("/live", &[]);
    let mut socket = scene.open_as(scene.owner(), &path, "").await;
    send_raw(&mut socket, &[&[0x81, 0xff][..], &(1_u64 << 30).to_be_bytes(), &[0; 4]].concat())
        .await;
    assert_eq!(super::scene::text(&mut socket).await, None);
    bystander.hears_the_next_card(&scene).await;
    drop(bystander);
    scene.app.finish().await;
}
