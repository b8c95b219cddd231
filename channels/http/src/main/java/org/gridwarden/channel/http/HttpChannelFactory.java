package org.gridwarden.channel.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelFactory;

/**
 * Makes a channel for each listener of the section {@code channels.http}:
 *
 * <pre>
 * tls: {bind: 0.0.0.0, port: 8444}  # meters show certificates
 * tcp: {bind: 0.0.0.0, port: 8084}  # without TLS, by password
 * plaintext: allowed   # needed for tcp outside a demo
 * maxSessions: 50000
 * maxHeader: 4096      # bytes, of a request's line and fields each
 * maxBody: 24576       # bytes
 * maxUnproven: 8192    # bytes, until a meter is proven
 * inFlight: 32         # messages, or streams, of one connection that wait
 * connect: 10s         # until a meter is proven
 * request: 10s         # from a request's first byte to its last
 * keepAlive: 30m       # silence at most
 * wait: 60s            # how long a question for orders is held at most
 * grace: 15s           # how long after such a question a meter still counts as reached
 * rate: 50             # messages a second and meter, on the long run
 * burst: 400           # at once
 * </pre>
 */
public final class HttpChannelFactory implements ChannelFactory {
  /** For the service loader. */
  public HttpChannelFactory() {}

  @Override
  public String name() {
    return "http";
  }

  @Override
  public List<String> plaintext(Map<String, Object> settings) {
    return settings.containsKey("tcp") ? List.of("tcp") : List.of();
  }

  @Override
  public List<Channel> create(Map<String, Object> settings) {
    HttpSettings parsed = HttpSettings.of(settings);
    List<Channel> channels = new ArrayList<>();
    parsed.tcp().ifPresent(l -> channels.add(new HttpChannel(l, false, parsed.limits())));
    parsed.tls().ifPresent(l -> channels.add(new HttpChannel(l, true, parsed.limits())));
    return List.copyOf(channels);
  }
}
