package org.gridwarden.channel.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelFactory;

/**
 * Makes a channel for each listener of the section {@code channels.mqtt}:
 *
 * <pre>
 * tls: {bind: 0.0.0.0, port: 8883}  # meters show certificates
 * tcp: {bind: 0.0.0.0, port: 1883}  # without TLS, by password
 * plaintext: allowed   # needed for tcp outside a demo
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
    return settings.containsKey("tcp") ? List.of("tcp") : List.of();
  }

  @Override
  public List<Channel> create(Map<String, Object> settings) {
    MqttSettings parsed = MqttSettings.of(settings);
    List<Channel> channels = new ArrayList<>();
    parsed.tcp().ifPresent(l -> channels.add(new MqttChannel(l, false, parsed.limits())));
    parsed.tls().ifPresent(l -> channels.add(new MqttChannel(l, true, parsed.limits())));
    return List.copyOf(channels);
  }
}
