package org.gridwarden.channel.xmpp;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.gridwarden.core.Secret;
import org.gridwarden.message.Pipe;
import org.gridwarden.message.listener.Tally;

/**
 * The office's link to its server, as a component (XEP-0114): opened again for as long as the
 * channel lives. One thread reads; whoever reads waits, and TCP's window closes, where intake is
 * full. Thread-safe.
 */
final class ComponentLink implements AutoCloseable {
  /** A message of 16,384 bytes in base64, and what is around it. */
  static final int LONGEST_STANZA = 32 << 10;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PARTING = Duration.ofSeconds(2);
  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(250);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(15);

  private final XmppSettings.Component settings;
  private final Secret secret;
  private final Duration silence;
  private final Ear ear;
  private final Tally tally;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Optional<Pipe> open = Optional.empty();
  private volatile String state = "not connected yet";

  /** Who hears what comes. One thread. */
  interface Ear {
    void opened();

    void stanza(Element stanza) throws InterruptedException;

    void closed();
  }

  /**
   * @param secret what server and component share
   * @param silence after how long without a byte the link is opened anew
   */
  ComponentLink(
      XmppSettings.Component settings, Secret secret, Duration silence, Ear ear, Tally tally) {
    this.settings = settings;
    this.secret = secret;
    this.silence = silence;
    this.ear = ear;
    this.tally = tally;
  }

  void start() {
    Thread.ofPlatform().name("xmpp-" + settings.name()).daemon().start(this::run);
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  private void run() {
    Duration backOff = FIRST_BACK_OFF;
    while (!isClosing()) {
      try {
        if (converse()) {
          backOff = FIRST_BACK_OFF;
        }
      } catch (InterruptedException e) {
        return;
      }
      try {
        var unused = closing.await(backOff.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        return;
      }
      backOff = backOff.multipliedBy(2);
      backOff = backOff.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : backOff;
    }
  }

  /**
   * One connection's life.
   *
   * @return whether it was ever open
   */
  private boolean converse() throws InterruptedException {
    boolean was = false;
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(settings.host(), settings.port()), (int) PATIENCE.toMillis());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) PATIENCE.toMillis());
      Pipe pipe = new Pipe("xmpp-out", socket, Optional.empty());
      pipe.write(
          utf8(
              "<?xml version='1.0'?><stream:stream xmlns='"
                  + Words.COMPONENT
                  + "' xmlns:stream='"
                  + ElementReader.STREAMS
                  + "' to='"
                  + settings.name()
                  + "'>"));
      StreamCutter cutter = new StreamCutter(LONGEST_STANZA);
      InputStream in = socket.getInputStream();
      byte[] bytes = new byte[16 << 10];
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        for (StreamCutter.Piece piece : cutter.take(bytes, length)) {
          switch (piece) {
            case StreamCutter.Piece.Opened(byte[] tag) ->
                pipe.write(
                    utf8(
                        Element.of(Words.COMPONENT, "handshake")
                            .saying(proof(id(tag)))
                            .xml(Words.COMPONENT)));
            case StreamCutter.Piece.Stanza(byte[] xml) -> {
              Element stanza = ElementReader.read(xml, Words.COMPONENT);
              if (stanza.is(ElementReader.STREAMS, "error")) {
                throw new XmppException("the server says: " + said(stanza));
              } else if (open.isPresent()) {
                ear.stanza(stanza);
              } else if (stanza.is(Words.COMPONENT, "handshake")) {
                was = true;
                socket.setSoTimeout((int) silence.toMillis());
                open = Optional.of(pipe);
                ear.opened();
              }
            }
            case StreamCutter.Piece.Closed() ->
                throw new XmppException("the server took its leave");
          }
        }
      }
      state = "the server closed the link";
    } catch (IOException | XmppException e) {
      state = String.valueOf(e.getMessage());
    } finally {
      boolean stood = open.isPresent();
      open = Optional.empty();
      if (stood) {
        ear.closed();
      }
    }
    if (!isClosing()) {
      tally.fault(
          Tally.What.FAILED,
          settings.name() + " at " + settings.host() + ":" + settings.port(),
          state);
    }
    return was;
  }

  private static String said(Element error) {
    StringBuilder all = new StringBuilder();
    for (Element child : error.children()) {
      all.append(all.isEmpty() ? "" : ", ");
      all.append(child.name().equals("text") ? child.text() : child.name());
    }
    return all.toString();
  }

  private static String id(byte[] openingTag) throws XmppException {
    byte[] closed = Arrays.copyOf(openingTag, openingTag.length + 1);
    closed[openingTag.length - 1] = '/';
    closed[openingTag.length] = '>';
    Element stream = ElementReader.read(closed, Words.COMPONENT);
    if (!stream.is(ElementReader.STREAMS, "stream")) {
      throw new XmppException("the server opens no stream of XMPP");
    }
    return stream
        .attribute("id")
        .filter(id -> !id.isEmpty())
        .orElseThrow(() -> new XmppException("the server's stream has no id"));
  }

  /** XEP-0114, 3: SHA-1 over the stream's id and the secret. */
  private String proof(String id) {
    byte[] copy = secret.copy();
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha1.digest(copy));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-1", e);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Queues a stanza.
   *
   * @return false where the link is not open: nothing is sent
   */
  boolean send(Element stanza) {
    Optional<Pipe> pipe = open;
    pipe.ifPresent(p -> p.write(utf8(stanza.xml(Words.COMPONENT))));
    return pipe.isPresent();
  }

  boolean isOpen() {
    return open.isPresent();
  }

  /** Why it is not open, for people. */
  String state() {
    return state;
  }

  @Override
  public void close() {
    closing.countDown();
    open.ifPresent(pipe -> {
      pipe.write(utf8("</stream:stream>"));
      pipe.close(PARTING, false);
    });
  }
}
