package org.gridwarden.channel.amqp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelFactory;

/**
 * Makes a channel for each listener of the section {@code channels.amqp}, and for its broker:
 *
 * <pre>
 * tls: {bind: 0.0.0.0, port: 5671}  # meters show certificates
 * tcp: {bind: 0.0.0.0, port: 5672}  # without TLS, by password
 * broker:              # somebody else's, from which messages are taken, too
 *   host: broker.example.org
 *   port: 5671         # 5672 without TLS
 *   tls: true
 *   trust: broker-root.pem          # else what the runtime trusts
 *   user: gridwarden
 *   password: file:/etc/gridwarden/broker   # or env:NAME
 *   up: /queue/gw.up                # where meters' messages lie
 *   down: "/queue/gw.{meter}.down"  # where a meter's orders go; none without
 *   seen: 20m          # how long after its last message a meter counts as reached
 *   again: 5s          # until a lost broker is tried again
 * plaintext: allowed   # needed for tcp, or a broker without TLS, outside a demo
 * maxSessions: 50000
 * maxFrame: 16384      # bytes
 * maxMessage: 17408    # bytes
 * maxUnproven: 2048    # bytes, until a client is proven
 * inFlight: 32         # messages of one link that wait for their commit
 * connect: 10s         # until a client is proven
 * keepAlive: 30m       # silence at most
 * grace: 15s           # how long after a link has ended a meter still counts as reached
 * rate: 50             # messages a second and meter, on the long run
 * burst: 400           # at once
 * </pre>
 */
public final class AmqpChannelFactory implements ChannelFactory {
  /** For the service loader. */
  public AmqpChannelFactory() {}

  @Override
  public String name() {
    return "amqp";
  }

  @Override
  public List<String> plaintext(Map<String, Object> settings) {
    List<String> plain = new ArrayList<>();
    if (settings.containsKey("tcp")) {
      plain.add("tcp");
    }
    if (settings.get("broker") instanceof Map<?, ?> broker
        && "false".equals(String.valueOf(broker.get("tls")))) {
      plain.add("broker");
    }
    return List.copyOf(plain);
  }

  @Override
  public List<Channel> create(Map<String, Object> settings) {
    AmqpSettings parsed = AmqpSettings.of(settings);
    List<Channel> channels = new ArrayList<>();
    parsed.tcp().ifPresent(l -> channels.add(new AmqpChannel(l, false, parsed.limits())));
    parsed.tls().ifPresent(l -> channels.add(new AmqpChannel(l, true, parsed.limits())));
    parsed.broker().ifPresent(b -> channels.add(new BrokerChannel(b, parsed.limits())));
    return List.copyOf(channels);
  }
}
