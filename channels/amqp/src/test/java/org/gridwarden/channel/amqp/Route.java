package org.gridwarden.channel.amqp;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.MeterId;
import org.gridwarden.security.AdmissionLimits;
import org.gridwarden.simulator.amqp.AmqpCarrier;
import org.gridwarden.simulator.amqp.AmqpLine;
import org.gridwarden.simulator.amqp.AmqpLogin;

/** The two ways from a meter to the office: straight, and through RabbitMQ. */
enum Route {
  ENDPOINT,
  RABBITMQ;

  private static Optional<RabbitMq> broker = Optional.empty();

  /** The one broker of a test run. */
  static synchronized RabbitMq broker() {
    if (broker.isEmpty()) {
      try {
        broker = Optional.of(new RabbitMq());
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
    return broker.get();
  }

  static synchronized void stopBroker() {
    broker.ifPresent(RabbitMq::close);
    broker = Optional.empty();
  }

  TestOffice office() throws ChannelException {
    return this == ENDPOINT
        ? new TestOffice(Map.of("grace", "10m"), AdmissionLimits.defaults())
        : new TestOffice(broker().settings(broker().port, false), AdmissionLimits.defaults());
  }

  /** Where meters connect. */
  int port(TestOffice office) {
    return this == ENDPOINT ? office.port() : broker().port;
  }

  AmqpLogin login(MeterId meter) {
    return this == ENDPOINT ? TestOffice.login(meter) : RabbitMq.login();
  }

  AmqpLine line(TestOffice office, MeterId meter) throws Exception {
    return TestOffice.open(new Socket("127.0.0.1", port(office)), login(meter));
  }

  String up(MeterId meter) {
    return this == ENDPOINT ? TestOffice.up(meter) : RabbitMq.up();
  }

  String down(MeterId meter) {
    return this == ENDPOINT ? TestOffice.down(meter) : RabbitMq.down(meter);
  }

  /** For a street. */
  AmqpCarrier carrier(int port) {
    InetSocketAddress at = new InetSocketAddress("127.0.0.1", port);
    return this == ENDPOINT
        ? new AmqpCarrier(at)
        : AmqpCarrier.broker(
            at, RabbitMq.USER, RabbitMq.password(), RabbitMq.up(), RabbitMq.down());
  }
}
