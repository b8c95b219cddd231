package org.gridwarden.channel.sip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelFactory;

/**
 * Makes a channel for each listener of the section {@code channels.sip}:
 *
 * <pre>
 * tls: {bind: 0.0.0.0, port: 5061,  # meters show certificates
 *     passwords: refused}         # or allowed: who shows none answers a digest
 * tcp: {bind: 0.0.0.0, port: 5060}  # without TLS, by password
 * udp: {bind: 0.0.0.0, port: 5060}  # likewise
 * plaintext: allowed   # needed for tcp and udp outside a demo
 * host: office.example # what the office calls itself; else the address that was called
 * realm: gridwarden    # in which passwords hold
 * md5: refused         # or allowed, for stacks that know no SHA-256 (RFC 8760); or first
 * nonce: 5m            # how long a challenge may be answered
 * expires: 1h          # the longest registration or subscription
 * ping: 2m             # silence after which a meter is asked whether it lives
 * maxSessions: 50000
 * maxHead: 4096        # bytes, of start line and fields
 * maxBody: 24576       # bytes
 * maxDatagram: 4096    # bytes; what is longer comes by a connection
 * maxUnproven: 8192    # bytes, until a meter is proven
 * inFlight: 32         # messages of one connection that wait for their commit
 * waiting: 4096        # datagrams that are looked at, or wait for their commit
 * connect: 10s         # until a meter is proven
 * request: 10s         # from a message's first byte to its last
 * keepAlive: 30m       # silence at most
 * rate: 50             # messages a second and meter, on the long run
 * burst: 400           # at once
 * </pre>
 */
public final class SipChannelFactory implements ChannelFactory {
  /** For the service loader. */
  public SipChannelFactory() {}

  @Override
  public String name() {
    return "sip";
  }

  @Override
  public List<String> plaintext(Map<String, Object> settings) {
    return List.of("tcp", "udp").stream().filter(settings::containsKey).toList();
  }

  @Override
  public List<Channel> create(Map<String, Object> settings) {
    SipSettings parsed = SipSettings.of(settings);
    List<Channel> channels = new ArrayList<>();
    parsed.udp().ifPresent(l -> channels.add(new SipChannel(l, Transport.UDP, parsed)));
    parsed.tcp().ifPresent(l -> channels.add(new SipChannel(l, Transport.TCP, parsed)));
    parsed.tls().ifPresent(l -> channels.add(new SipChannel(l, Transport.TLS, parsed)));
    return List.copyOf(channels);
  }
}
