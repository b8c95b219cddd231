package org.gridwarden.channel.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelFactory;
import org.gridwarden.core.SettingsSection;
import org.gridwarden.message.listener.Acceptor;

/**
 * Makes a channel for each listener of the section {@code channels.mqtt}, and one for a broker:
 *
 * <pre>
 * tls: {bind: 0.0.0.0, port: 8883,  # meters show certificates
 *     passwords: refused}         # or allowed: who shows none gives a password
 * tcp: {bind: 0.0.0.0, port: 1883}  # without TLS, by password
 * broker:
 *   host: broker.example      # must be in its certificate
 *   port: 8883
 *   tls: required             # or off
 *   trust: /etc/.../root.pem  # who certifies it; else whom this Java trusts
 *   certificate: /etc/.../office.pem  # the office's own, with its chain
 *   key: /etc/.../office.key  # in PKCS#8
 *   user: gridwarden
 *   password: file:/etc/.../password  # or env:NAME
 *   client: gridwarden        # each office process has its own
 *   group: gridwarden         # offices of one group share the readings
 *   inFlight: 1024            # messages that wait for their commit
 *   maxPacket: 16896          # bytes
 *   session: 168h             # how long it keeps what comes while the office is away
 *   heard: 1h                 # how long after its last message a meter counts as reached
 * plaintext: allowed   # needed for tcp, and a broker without TLS, outside a demo
 * maxSessions: 50000
 * maxPacket: 16896     # bytes
 * maxConnect: 4096     # bytes, until a client is accepted
 * inFlight: 32         # messages of one session that wait for their commit
 * connect: 10s         # until a client is accepted
 * keepAlive: 30m       # at most, whatever a client asks for
 * </pre>
 */
public final class MqttChannelFactory implements ChannelFactory {
  /** For the service loader. */
  public MqttChannelFactory() {}

  @Override
  public String name() {
    return "mqtt";
  }

  @Override
  public List<String> plaintext(Map<String, Object> settings) {
    List<String> plain = new ArrayList<>();
    if (settings.containsKey("tcp")) {
      plain.add("tcp");
    }
    if (SettingsSection.of(settings)
        .section("broker")
        .filter(BrokerSettings::isPlain)
        .isPresent()) {
      plain.add("broker");
    }
    return List.copyOf(plain);
  }

  @Override
  public List<Channel> create(Map<String, Object> settings) {
    MqttSettings parsed = MqttSettings.of(settings);
    List<Channel> channels = new ArrayList<>();
    parsed
        .tcp()
        .ifPresent(l -> channels.add(new MqttChannel(l, Acceptor.Security.NONE, parsed.limits())));
    parsed
        .tls()
        .ifPresent(l ->
            channels.add(
                new MqttChannel(
                    l,
                    l.passwords() ? Acceptor.Security.EITHER : Acceptor.Security.CERTIFICATE,
                    parsed.limits())));
    parsed
        .broker()
        .ifPresent(b -> channels.add(new BrokerChannel(b, b.tls().map(BrokerTls::config))));
    return List.copyOf(channels);
  }
}
