package org.gridwarden.channel.mqtt;

import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscription;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.suback.Mqtt5SubAck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ChannelId;
import org.gridwarden.core.Deadline;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Health;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.MeterSession;
import org.gridwarden.message.CommandDesk;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessageSession;
import org.gridwarden.message.listener.Tally;

/**
 * Meters that publish to a broker of somebody else's: the office is one of its clients. Readings
 * come by a shared subscription, receipts to each office; both are acknowledged once they are
 * committed, so that the broker keeps what the office has not stored. The broker is trusted with
 * nothing: each message is the meter's own or is not taken. Thread-safe.
 */
final class BrokerChannel implements Channel {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final String ALL_METERS = "gw/+/up/";

  private final BrokerSettings settings;
  private final Optional<MqttClientSslConfig> tls;
  private final Tally tally = new Tally();
  private volatile Optional<Line> line = Optional.empty();
  private volatile boolean subscribed;
  private volatile boolean closed;
  private volatile String trouble = "not started";

  /** What there is once it is started. */
  private record Line(Mqtt5AsyncClient client, BrokerInbox inbox, CommandDesk desk) {}

  /**
   * @param tls how TLS is spoken; empty for none
   */
  BrokerChannel(BrokerSettings settings, Optional<MqttClientSslConfig> tls) {
    this.settings = settings;
    this.tls = tls;
  }

  @Override
  public ChannelId id() {
    return new ChannelId("mqtt", "broker");
  }

  /** Where the broker is away it is asked again and again; {@link #health} tells. */
  @Override
  public void start(Host host) {
    CommandDesk desk = new CommandDesk(host);
    BrokerInbox inbox = new BrokerInbox(host, this::id, desk, settings, tally);
    Mqtt5ClientBuilder builder =
        Mqtt5Client.builder()
            .identifier(settings.clientId())
            .serverHost(settings.host())
            .serverPort(settings.port())
            .automaticReconnect()
            .initialDelay(FIRST_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
            .maxDelay(LONGEST_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
            .applyAutomaticReconnect()
            .addConnectedListener(context -> subscribe())
            .addDisconnectedListener(this::disconnected);
    if (tls.isPresent()) {
      builder = builder.sslConfig(tls.get());
    }
    Mqtt5AsyncClient client = builder.buildAsync();
    // before it connects: what the broker has kept comes at once
    client.publishes(MqttGlobalPublishFilter.ALL, inbox::take, inbox.thread(), true);
    line = Optional.of(new Line(client, inbox, desk));
    trouble = "it has not answered yet";
    var connecting =
        client
            .connect(connect())
            .whenComplete((answer, failure) -> {
              if (failure != null) {
                trouble = why(failure);
              }
            });
  }

  private Mqtt5Connect connect() {
    var connect =
        Mqtt5Connect.builder()
            .cleanStart(false)
            .sessionExpiryInterval(settings.session().toSeconds())
            .restrictions()
            .receiveMaximum(settings.inFlight())
            .maximumPacketSize(settings.maxPacket())
            .applyRestrictions();
    if (settings.user().isEmpty()) {
      return connect.build();
    }
    BrokerSettings.Login user = settings.user().get();
    return connect
        .simpleAuth()
        .username(user.name())
        .password(user.password().copy()) // the client keeps it: it connects again and again
        .applySimpleAuth()
        .build();
  }

  /** Readings are shared with the other offices; a receipt is for the one that waits for it. */
  private List<String> filters() {
    List<String> filters = new ArrayList<>();
    for (MessageClass kind : MessageClass.values()) {
      String own = ALL_METERS + kind.word();
      filters.add(kind == MessageClass.CONTROL ? own : "$share/" + settings.group() + "/" + own);
    }
    return filters;
  }

  private void subscribe() {
    Line now = line.orElseThrow();
    List<Mqtt5Subscription> wanted =
        filters().stream()
            .map(filter ->
                Mqtt5Subscription.builder().topicFilter(filter).qos(MqttQos.AT_LEAST_ONCE).build())
            .toList();
    var asked =
        now.client()
            .subscribe(Mqtt5Subscribe.builder().addSubscriptions(wanted).build())
            .whenComplete(this::subscribed);
  }

  private void subscribed(
      @org.jspecify.annotations.Nullable Mqtt5SubAck answer,
      @org.jspecify.annotations.Nullable Throwable failure) {
    if (answer != null && answer.getReasonCodes().stream().noneMatch(code -> code.isError())) {
      subscribed = true;
      return;
    }
    trouble = "it refuses the subscriptions, see to its access list: " + why(failure);
    tally.fault(Tally.What.FORBIDDEN, "broker " + settings.place(), trouble);
  }

  private void disconnected(MqttClientDisconnectedContext context) {
    subscribed = false;
    if (closed) {
      context.getReconnector().reconnect(false);
      return;
    }
    trouble = why(context.getCause());
    tally.fault(Tally.What.FAILED, "broker " + settings.place(), "no connection: " + trouble);
  }

  private static String why(@org.jspecify.annotations.Nullable Throwable failure) {
    if (failure == null) {
      return "no reason given";
    }
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last.getClass().getSimpleName() + ": " + last.getMessage();
  }

  private boolean isConnected() {
    return subscribed
        && !closed
        && line.isPresent()
        && line.get().client().getState().isConnected();
  }

  /** A meter whose message came not long ago. */
  @Override
  public boolean reaches(MeterId meter) {
    return isConnected() && line.get().inbox().heard(meter);
  }

  @Override
  public MeterSession open(MeterId meter, Deadline deadline) throws ChannelException {
    Line now =
        line.filter(_ -> isConnected())
            .orElseThrow(() ->
                fault(
                    Fault.Code.TIMEOUT,
                    meter,
                    "its broker " + settings.place() + " is away; wait until it is back"));
    if (!now.inbox().heard(meter)) {
      throw fault(
          Fault.Code.TIMEOUT,
          meter,
          "it has published nothing for " + settings.heard() + "; wait until it does");
    }
    return new MessageSession(
        meter, now.desk(), message -> order(now, meter, message, deadline), deadline);
  }

  /**
   * Publishes an order. The broker drops it once nobody waits for its receipt any more, should the
   * meter be away.
   */
  private void order(Line to, MeterId meter, byte[] message, Deadline deadline)
      throws ChannelException {
    long seconds = Math.max(1, deadline.left().toSeconds());
    CompletableFuture<Mqtt5PublishResult> sent =
        to.client()
            .publishWith()
            .topic(Topics.orders(meter))
            .qos(MqttQos.AT_LEAST_ONCE)
            .payload(message)
            .messageExpiryInterval(seconds)
            .send();
    try {
      Mqtt5PublishResult result =
          sent.get(Math.min(seconds, PATIENCE.toSeconds()), TimeUnit.SECONDS);
      tally.count(Tally.What.ORDER);
      if (result.getError().isPresent()) {
        throw fault(
            Fault.Code.TIMEOUT, meter, "its broker failed: " + why(result.getError().get()));
      }
      if (result instanceof Mqtt5PublishResult.Mqtt5Qos1Result one
          && one.getPubAck().getReasonCode() == Mqtt5PubAckReasonCode.NO_MATCHING_SUBSCRIBERS) {
        to.inbox().forget(meter);
        throw fault(
            Fault.Code.TIMEOUT, meter, "it listens for no orders at its broker; nothing was sent");
      }
    } catch (TimeoutException e) {
      throw fault(Fault.Code.TIMEOUT, meter, "its broker did not say that it has the order");
    } catch (ExecutionException e) {
      throw fault(Fault.Code.TIMEOUT, meter, "its broker did not take the order: " + why(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw fault(Fault.Code.TIMEOUT, meter, "it was given up while its broker was asked");
    }
  }

  private static ChannelException fault(Fault.Code code, MeterId meter, String remedy) {
    return new ChannelException(new Fault(code, "meter " + meter, remedy));
  }

  @Override
  public Health health() {
    if (!isConnected()) {
      return new Health(
          Health.State.DOWN, "no connection with broker " + settings.place() + ": " + trouble);
    }
    return new Health(
        Health.State.UP,
        "broker "
            + settings.place()
            + ", "
            + line.get().inbox().meters()
            + " meters heard, "
            + tally.line());
  }

  /** What became of what came. */
  Tally tally() {
    return tally;
  }

  @Override
  public void close() {
    closed = true;
    line.ifPresent(now -> {
      now.inbox().close();
      try {
        now.client().disconnect().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        // it was not connected, or is slow: what is not acknowledged comes again
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }
}
