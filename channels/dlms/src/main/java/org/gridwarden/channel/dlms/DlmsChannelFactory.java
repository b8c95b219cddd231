package org.gridwarden.channel.dlms;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.gridwarden.channel.dlms.gate.GateClient;
import org.gridwarden.core.Channel;
import org.gridwarden.core.ChannelFactory;

/**
 * Makes a channel for each listener and serial port, and one for meters that are called, of the
 * section {@code channels.dlms}:
 *
 * <pre>
 * tls: {bind: 0.0.0.0, port: 4060, link: wrapper}  # meters show certificates (TLS 1.3)
 * dtls: {bind: 0.0.0.0, port: 4060, link: wrapper} # the same for datagrams (DTLS 1.2)
 * tcp: {bind: 0.0.0.0, port: 4059, link: wrapper}  # without TLS, as udp is:
 * udp: {bind: 0.0.0.0, port: 4059, link: wrapper}
 * plaintext: allowed   # needed for both outside a demo: DLMS's own ciphering is all there is then
 * serial: [{device: /dev/ttyUSB0, speed: 9600, parity: none, link: auto, meter: SERIAL}]
 * firstMessage: 30s    # until a connection's first authentic push
 * idle: 30m            # silence of an authenticated one
 * maxApdu: 65536
 * maxSessions: 50000
 * inFlight: 32         # pushes of one session that wait for their commit
 * clockSkew: 60s
 * patience: 10s        # for an answer of a meter that is read
 * imageRate: 32768    # bytes of a firmware image to one meter in a second
 * systemTitle: 47575244 4F464345 (16 hex digits) # the office's own
 * gate: {folder: /var/lib/gridwarden-gate}  # a last gate that is started here, or, run by another user:
 * gate: {socket: /run/gate/socket, key: /etc/gridwarden/gate-key.pub.pem, client: 1}
 * </pre>
 *
 * Once started, a listener's instance names its port: {@code tcp-4059}, also where port 0 took any
 * free one.
 */
public final class DlmsChannelFactory implements ChannelFactory {
  /** For the service loader. */
  public DlmsChannelFactory() {}

  @Override
  public String name() {
    return "dlms";
  }

  @Override
  public List<String> plaintext(Map<String, Object> settings) {
    return Stream.of("tcp", "udp").filter(settings::containsKey).toList();
  }

  @Override
  public List<Channel> create(Map<String, Object> settings) {
    DlmsSettings parsed = DlmsSettings.of(settings);
    Common common =
        Common.of(
            parsed.limits(),
            parsed.gate().map(gate -> new GateClient(gate.socket(), gate.key(), gate.client())));
    List<Channel> channels = new ArrayList<>();
    parsed.tcp().ifPresent(l -> channels.add(new TcpChannel(l, false, common)));
    parsed.tls().ifPresent(l -> channels.add(new TcpChannel(l, true, common)));
    parsed.udp().ifPresent(l -> channels.add(new UdpChannel(l, common)));
    parsed.dtls().ifPresent(l -> channels.add(new DtlsChannel(l, common)));
    for (DlmsSettings.SerialLine line : parsed.serial()) {
      channels.add(new SerialChannel(line, common));
    }
    channels.add(new CallChannel(common, parsed.gate()));
    return List.copyOf(channels);
  }
}
