package org.gridwarden.simulator.amqp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;
import org.gridwarden.message.MessageClass;
import org.gridwarden.message.MessagePassword;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.Dress;

/**
 * Carries messages by AMQP 1.0, with a password: straight to the office, or through a broker that
 * stands between them; at least once, where nothing else is said.
 */
public final class AmqpCarrier implements Carrier {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final InetSocketAddress at;
  private final Function<Caller, AmqpLogin> login;
  private final String up;
  private final String down;
  private final AmqpLine.Guarantee guarantee;
  private final Dress dress;

  private AmqpCarrier(
      InetSocketAddress at,
      Function<Caller, AmqpLogin> login,
      String up,
      String down,
      AmqpLine.Guarantee guarantee,
      Dress dress) {
    this.at = at;
    this.login = login;
    this.up = up;
    this.down = down;
    this.guarantee = guarantee;
    this.dress = dress;
  }

  /**
   * Straight to the office.
   *
   * @param headEnd its listener without TLS
   */
  public AmqpCarrier(InetSocketAddress headEnd) {
    this(headEnd, AmqpLine.Guarantee.AT_LEAST_ONCE);
  }

  /**
   * Straight to the office.
   *
   * @param headEnd its listener without TLS
   * @param guarantee of what is sent; at most once nobody says that it is stored
   */
  public AmqpCarrier(InetSocketAddress headEnd, AmqpLine.Guarantee guarantee) {
    this(headEnd, guarantee, Dress.NONE);
  }

  /** The same, dressed. */
  public AmqpCarrier(InetSocketAddress headEnd, AmqpLine.Guarantee guarantee, Dress dress) {
    this(
        headEnd,
        meter -> AmqpLogin.plain(meter.id().value(), MessagePassword.of(meter.id(), meter.key())),
        "gw/{meter}/up",
        "gw/{meter}/down/control",
        guarantee,
        dress);
  }

  /**
   * Through a broker.
   *
   * @param broker its listener without TLS
   * @param user by which each meter logs in there
   * @param up the address of what goes to the office; {@code {meter}} in it stands for the meter
   * @param down the address of what comes from it, likewise
   */
  public static AmqpCarrier broker(
      InetSocketAddress broker, String user, Secret password, String up, String down) {
    return new AmqpCarrier(
        broker,
        meter -> AmqpLogin.plain(user, password),
        up,
        down,
        AmqpLine.Guarantee.AT_LEAST_ONCE,
        Dress.NONE);
  }

  @Override
  public Way open(Caller meter) throws IOException, InterruptedException {
    Socket socket = new Socket();
    try {
      socket.connect(at, (int) PATIENCE.toMillis());
      AmqpLine line = within(AmqpLine.open(dress.over(meter.id(), socket), login.apply(meter)));
      var unused = within(line.hear(of(down, meter.id()), meter.orders()));
      var told = line.ended().whenComplete((end, failure) -> meter.ended().run());
      return new Line(meter.id(), of(up, meter.id()), guarantee, line);
    } catch (IOException | InterruptedException e) {
      socket.close();
      throw e;
    }
  }

  private static String of(String address, MeterId meter) {
    return address.replace("{meter}", meter.value());
  }

  private static <T> T within(CompletableFuture<T> answer)
      throws IOException, InterruptedException {
    try {
      return answer.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the connection was refused, or has ended", e);
    } catch (TimeoutException e) {
      throw new IOException("no answer in time", e);
    }
  }

  private record Line(MeterId id, String up, AmqpLine.Guarantee guarantee, AmqpLine line)
      implements Way {
    @Override
    public void send(MessageClass kind, byte[] message) throws IOException, InterruptedException {
      AmqpLine.Outcome outcome = within(line.send(up, message, guarantee));
      if (!outcome.accepted()) {
        throw new IOException("a message of meter " + id + " is not taken: " + outcome.why());
      }
    }

    @Override
    public void close() {
      line.close();
    }
  }
}
