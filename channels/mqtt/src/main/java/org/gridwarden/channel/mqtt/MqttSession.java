package org.gridwarden.channel.mqtt;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.gridwarden.core.Admission;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Intake.Outcome;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.TransportPeer;
import org.gridwarden.message.MessageException;
import org.gridwarden.message.OfficeInbox;
import org.gridwarden.message.Pipe;
import org.gridwarden.message.listener.Acceptor;
import org.gridwarden.message.listener.Tally;

/**
 * One client's connection. Until it is accepted it has one deadline and one small allowance of
 * bytes, whatever trickles in; afterwards it has its keep-alive time and half of it again. Reading
 * stops while too many messages wait for their commit.
 */
final class MqttSession implements Acceptor.Session {
  private static final int FIRST_READ = 1024;
  private static final int LATER_READ = 8 * 1024;
  private static final int MOST_FILTERS = 16;
  private static final Duration DRAIN = Duration.ofSeconds(4);
  private static final Duration PARTING = Duration.ofSeconds(1);

  private final Pipe pipe;
  private final String name;
  private final Admission.Ticket ticket;
  private final MqttChannel.Shared shared;
  private final Packets packets;
  private final Semaphore allowance;
  private final AtomicInteger packetIds = new AtomicInteger();
  private Optional<TransportPeer> shown = Optional.empty();
  private volatile Optional<Client> client = Optional.empty();
  private volatile boolean listens;
  private volatile boolean stopping;
  private volatile boolean forgetWill;
  private int before; // bytes that came before it was accepted
  private Duration patience;
  private long deadline;

  MqttSession(Acceptor.Accepted accepted, MqttChannel.Shared shared) {
    this.pipe = accepted.pipe();
    this.name = accepted.from();
    this.ticket = accepted.ticket();
    this.shared = shared;
    this.packets = new Packets(shared.limits().maxPacket());
    this.allowance = new Semaphore(shared.limits().inFlight());
    this.patience = shared.limits().connect();
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  @Override
  public void run() {
    try {
      pipe.socket().setTcpNoDelay(true);
      shown = pipe.shakeHands(patience);
      ticket.active(); // it has done something: who has not is put out before it
      read(pipe.socket().getInputStream());
    } catch (SocketTimeoutException e) {
      shared.tally().count(Tally.What.TIMED_OUT);
    } catch (Ended e) {
      // said and counted where it was noticed
    } catch (IOException e) {
      if (client.isEmpty() && shown.isEmpty() && !stopping) {
        shared.tally().fault(Tally.What.UNAUTHENTICATED, name, String.valueOf(e.getMessage()));
      } // else the meter has gone, or admission has put it out
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      shared.tally().fault(Tally.What.FAILED, name, "the session failed: " + e);
    } finally {
      finish();
    }
  }

  /** The connection is to be closed. */
  private static final class Ended extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private void read(InputStream in) throws IOException, InterruptedException {
    byte[] bytes = new byte[FIRST_READ];
    while (!stopping) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      pipe.socket().setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
      int length = in.read(bytes);
      if (length < 0) {
        return;
      }
      if (client.isEmpty()) {
        before += length;
        if (before > shared.limits().maxConnect()) {
          throw refused(Tally.What.OVER_LIMIT, "it said too much before it was accepted");
        }
      }
      for (Packets.Packet packet : packets.read(bytes, length)) {
        take(packet);
      }
      if (client.isPresent() && bytes.length == FIRST_READ) {
        bytes = new byte[LATER_READ];
      }
    }
  }

  private Ended refused(Tally.What what, String why) {
    shared.tally().fault(what, name, why);
    return new Ended();
  }

  private void take(Packets.Packet packet) throws IOException, InterruptedException {
    MqttMessage message = packet.message();
    if (message.decoderResult().isFailure()) {
      if (client.isEmpty()) {
        Replies.unacceptable(message).ifPresent(this::write);
      } else {
        part((byte) 0x81); // malformed packet
      }
      throw refused(Tally.What.MALFORMED, "a packet is none");
    }
    if (client.isEmpty()) {
      if (!(message instanceof MqttConnectMessage connect)) {
        throw refused(Tally.What.MALFORMED, "the first packet is no CONNECT");
      }
      connect(connect);
      return;
    }
    ticket.active();
    deadline = System.nanoTime() + patience.toNanos();
    switch (message.fixedHeader().messageType()) {
      case PUBLISH -> publish((MqttPublishMessage) message, packet.payload());
      case PUBREL -> write(Replies.complete(id(message)));
      case PUBACK, PUBCOMP -> {} // a receipt is what counts
      case PUBREC -> write(Replies.release(id(message)));
      case SUBSCRIBE -> subscribe((MqttSubscribeMessage) message);
      case UNSUBSCRIBE -> unsubscribe((MqttUnsubscribeMessage) message);
      case PINGREQ -> write(MqttMessage.PINGRESP);
      case DISCONNECT -> {
        forgetWill = !Replies.isWithWill(message);
        throw new Ended();
      }
      default -> {
        part((byte) 0x82); // protocol error
        throw refused(
            Tally.What.MALFORMED, "a client sent a " + message.fixedHeader().messageType());
      }
    }
  }

  private void connect(MqttConnectMessage connect) throws IOException {
    boolean five = Client.isFive(connect);
    Optional<Login.Who> who = Login.of(shared.host(), shown, connect);
    if (who.isEmpty()) {
      write(Replies.refuse(five));
      throw refused(Tally.What.UNAUTHENTICATED, "neither certificate nor password fits");
    }
    Optional<Client> read = Client.of(connect, who.get());
    if (read.isEmpty()) {
      write(Replies.forbid(five));
      throw refused(Tally.What.FORBIDDEN, who.get().name() + " leaves a will that is not its own");
    }
    if (!ticket.authenticated(who.get().name())) {
      write(Replies.busy(five));
      throw refused(Tally.What.OVER_LIMIT, who.get().name() + " holds too many connections");
    }
    Client now = read.get();
    patience = now.patience(shared.limits().keepAlive());
    deadline = System.nanoTime() + patience.toNanos();
    Optional<Boolean> resumed = shared.names().resume(now.who().name(), now.anew());
    listens = resumed.orElse(false);
    client = Optional.of(now);
    shared.names().accepted(now.who().name(), this).ifPresent(other -> other.takenOver());
    write(Replies.accept(now, resumed.isPresent(), shared.limits()));
  }

  private void publish(MqttPublishMessage message, byte[] payload)
      throws IOException, InterruptedException {
    Client who = client.orElseThrow();
    String topic = message.variableHeader().topicName();
    MqttQoS qos = message.fixedHeader().qosLevel();
    int id = message.variableHeader().packetId();
    Optional<Topics.Place> place = Topics.up(topic);
    if (who.five() && message.fixedHeader().isRetain()) {
      part((byte) 0x9A); // retain not supported
      throw refused(Tally.What.UNSUPPORTED, who.who().name() + " wants something retained");
    }
    if (place.isEmpty() || !who.who().speaksFor(place.get().meter())) {
      shared
          .tally()
          .fault(
              Tally.What.FORBIDDEN, name, who.who().name() + " may not publish where it wants to");
      reject(who, qos, id, Replies.NOT_AUTHORIZED);
      return;
    }
    allowance.acquire();
    boolean handed = false;
    try {
      OfficeInbox.Taken taken =
          shared
              .inbox()
              .take(payload, Optional.of(place.get().meter()), Optional.of(place.get().kind()));
      switch (taken) {
        case OfficeInbox.Taken.Answer(MeterId meter, byte[] signed) -> {
          shared.tally().count(Tally.What.ANSWER);
          shared.desk().answered(meter, signed);
          acknowledge(who, qos, id, Replies.SUCCESS);
        }
        case OfficeInbox.Taken.Submitted submitted -> {
          handed = true;
          submitted
              .outcome()
              .whenComplete((outcome, failure) -> settle(who, qos, id, outcome, failure));
        }
      }
    } catch (MessageException e) {
      shared.tally().fault(kind(e), name, String.valueOf(e.getMessage()));
      reject(who, qos, id, Replies.reason(e.kind()));
    } finally {
      if (!handed) {
        allowance.release();
      }
    }
  }

  private static Tally.What kind(MessageException e) {
    return switch (e.kind()) {
      case MALFORMED -> Tally.What.MALFORMED;
      case UNSUPPORTED -> Tally.What.UNSUPPORTED;
      case UNAUTHENTICATED -> Tally.What.UNAUTHENTICATED;
    };
  }

  /** The commit is known: now, and not before, the client hears of it. */
  private void settle(
      Client who,
      MqttQoS qos,
      int id,
      @org.jspecify.annotations.Nullable Outcome outcome,
      @org.jspecify.annotations.Nullable Throwable failure) {
    try {
      switch (outcome) {
        case null -> shared.tally().fault(Tally.What.FAILED, name, "intake failed: " + failure);
        case Outcome.Stored _ -> {
          shared.tally().count(Tally.What.STORED);
          acknowledge(who, qos, id, Replies.SUCCESS);
        }
        case Outcome.Duplicate _ -> {
          shared.tally().count(Tally.What.DUPLICATE);
          acknowledge(who, qos, id, Replies.SUCCESS);
        }
        case Outcome.Waiting _ -> shared.tally().count(Tally.What.WAITING);
        case Outcome.Refused(Fault fault) -> {
          shared
              .tally()
              .fault(
                  Tally.What.REFUSED,
                  name,
                  fault.code() + " at " + fault.where() + ": " + fault.remedy());
          if (who.five() || qos == MqttQoS.AT_MOST_ONCE) {
            acknowledge(who, qos, id, Replies.UNSPECIFIED);
          } else {
            pipe.abort(); // 3.1.1 has no word for it
          }
        }
      }
    } finally {
      allowance.release();
    }
  }

  /** What is not taken is never acknowledged as taken; 3.1.1 has no other word than to hang up. */
  private void reject(Client who, MqttQoS qos, int id, byte reason) throws IOException {
    if (qos == MqttQoS.AT_MOST_ONCE) {
      return;
    }
    if (!who.five()) {
      throw new Ended();
    }
    acknowledge(who, qos, id, reason);
  }

  private void acknowledge(Client who, MqttQoS qos, int id, byte reason) {
    if (qos != MqttQoS.AT_MOST_ONCE) {
      write(Replies.acknowledge(qos, id, reason, who.five()));
    }
  }

  private void subscribe(MqttSubscribeMessage message) throws IOException {
    Client who = client.orElseThrow();
    List<MqttTopicSubscription> wanted = message.payload().topicSubscriptions();
    if (wanted.size() > MOST_FILTERS) {
      throw refused(Tally.What.OVER_LIMIT, who.who().name() + " asks for too many filters");
    }
    List<Integer> granted = new ArrayList<>();
    for (MqttTopicSubscription one : wanted) {
      String filter = one.topicFilter();
      boolean own = who.who().meter().filter(m -> Topics.isOwn(filter, m)).isPresent();
      if (own) {
        listens |= Topics.hearsOrders(filter);
        granted.add(Math.min(one.qualityOfService().value(), MqttQoS.AT_LEAST_ONCE.value()));
      } else {
        shared.tally().count(Tally.What.FORBIDDEN);
        granted.add(Replies.noSubscription(who.five(), filter));
      }
    }
    write(Replies.subscribed(message.variableHeader().messageId(), granted));
  }

  private void unsubscribe(MqttUnsubscribeMessage message) {
    Client who = client.orElseThrow();
    for (String filter : message.payload().topics()) {
      listens &=
          !(Topics.hearsOrders(filter)
              && who.who().meter().filter(m -> Topics.isOwn(filter, m)).isPresent());
    }
    write(
        Replies.unsubscribed(
            message.variableHeader().messageId(), message.payload().topics().size(), who.five()));
  }

  /** Whether orders can go down over it now. */
  boolean listens() {
    return listens && client.isPresent() && !stopping;
  }

  /** Publishes an order to the meter. */
  void order(MeterId meter, byte[] message) throws ChannelException {
    if (!listens()) {
      throw MqttChannel.fault(
          Fault.Code.TIMEOUT, meter, "its connection has ended; nothing was sent");
    }
    int id = packetIds.updateAndGet(n -> n % 65_535 + 1);
    write(Replies.publish(Topics.orders(meter), id, message));
  }

  private static int id(MqttMessage message) {
    return message.variableHeader() instanceof MqttMessageIdVariableHeader header
        ? header.messageId()
        : 1;
  }

  private void write(MqttMessage message) {
    packets.write(message).ifPresent(pipe::write);
  }

  /** MQTT 5 says why before it hangs up. */
  private void part(byte reason) {
    if (client.isPresent() && client.get().five()) {
      write(
          new MqttMessage(
              Replies.fixed(MqttMessageType.DISCONNECT),
              new MqttReasonCodeAndPropertiesVariableHeader(reason, null)));
    }
  }

  /** Lets what is under way be acknowledged, then closes. */
  private void finish() {
    try {
      if (!allowance.tryAcquire(
          shared.limits().inFlight(), DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        shared.tally().fault(Tally.What.FAILED, name, "closed with messages unacknowledged");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pipe.close(PARTING, false);
      ticket.close();
      packets.close();
      client.ifPresent(this::left);
    }
  }

  private void left(Client who) {
    shared.names().gone(who.who().name(), this);
    if (who.lasts()) {
      shared.names().remember(who.who().name(), listens);
    }
    who.who().meter().ifPresent(shared.desk()::gone);
    if (!stopping && !forgetWill) {
      who.will().ifPresent(will -> Wills.left(shared, name, who.who(), will));
    }
  }

  /** The same client has come again: its will is not of an outage. */
  private void takenOver() {
    forgetWill = true;
    part((byte) 0x8E); // session taken over
    pipe.stopReading();
  }

  @Override
  public void stop() {
    stopping = true;
    part((byte) 0x8B); // server shutting down
    pipe.stopReading();
  }

  @Override
  public void abort() {
    pipe.abort();
  }
}
