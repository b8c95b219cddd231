package org.gridwarden.channel.coap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelFactory;

/**
 * Makes a channel for each listener of the section {@code channels.coap}:
 *
 * <pre>
 * dtls: {bind: 0.0.0.0, port: 5684}  # certificates, bare keys, shared keys
 * udp: {bind: 0.0.0.0, port: 5683}   # without DTLS: secured messages, and OSCORE
 * multicast: {group: 224.0.1.187, port: 5683, interface: eth0}  # beside udp: asked by a group
 * proxy:                 # from HTTP to the same resources; off where it is not there
 *   bind: 127.0.0.1
 *   port: 8085
 *   security: tls        # or none, behind something that speaks TLS
 *   authority: localhost # as which CoAP URIs name the office, http://here/hc/coap://localhost/gw/usage
 *   maxSessions: 50000   # connections
 * plaintext: allowed     # needed for udp, and a proxy without TLS, outside a demo
 * maxAssociations: 50000
 * handshake: 20s
 * idle: 1h               # then an association may have to make room
 * maxTransfers: 4096     # block-wise ones that are under way at once
 * transfer: 60s          # silence after which one is forgotten
 * block: 512             # bytes
 * inFlight: 16           # messages of one caller that wait for their commit
 * waiting: 4096          # of all callers
 * piggyback: 500ms       # how long an acknowledgement waits for the commit before it goes alone
 * leisure: 5s            # within which time a request to a group is answered
 * </pre>
 */
public final class CoapChannelFactory implements ChannelFactory {
  /** For the service loader. */
  public CoapChannelFactory() {}

  @Override
  public String name() {
    return "coap";
  }

  @Override
  public List<String> plaintext(Map<String, Object> settings) {
    List<String> plain = new ArrayList<>();
    if (settings.containsKey("udp")) {
      plain.add("udp");
    }
    if (CoapSettings.isPlainProxy(settings)) {
      plain.add("proxy");
    }
    return List.copyOf(plain);
  }

  @Override
  public List<Channel> create(Map<String, Object> settings) {
    CoapSettings parsed = CoapSettings.of(settings);
    List<Channel> channels = new ArrayList<>();
    parsed
        .udp()
        .ifPresent(l -> channels.add(new CoapChannel(l, false, parsed.group(), parsed.limits())));
    parsed
        .dtls()
        .ifPresent(l -> channels.add(new CoapChannel(l, true, Optional.empty(), parsed.limits())));
    parsed.proxy().ifPresent(p -> channels.add(new ProxyChannel(p, parsed.limits())));
    return List.copyOf(channels);
  }
}
