package org.gridwarden.bench.dlms;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.LinkAddress;
import org.gridwarden.dlms.TcpLine;
import org.gridwarden.dlms.WrapperLink;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.hdlc.HdlcLink;
import org.gridwarden.dlms.hdlc.HdlcSettings;
import org.gridwarden.dlms.security.SecurityContext;

/** Our client's associations with one meter, each with a system title of its own. Thread-safe. */
final class Sessions {
  static final AttributeRef REGISTER = new AttributeRef(3, ObisCode.parse("1.0.1.8.0.255"), 2);
  static final AttributeRef BUFFER = new AttributeRef(7, ObisCode.parse("1.0.99.1.0.255"), 2);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  // another title for each association: a counter may begin anew
  private static final AtomicLong TITLES = new AtomicLong(System.nanoTime());

  private final InetSocketAddress meter;
  private final String auth;
  private final byte[] password;
  private final DlmsKeys keys;
  private final boolean hdlc;
  private final boolean shortNames;
  private final int maxPdu;

  /**
   * @param words port, auth (none, lls, gmac), password, key, auth-key; link (wrapper, hdlc), names
   *     (ln, sn), max-pdu
   */
  Sessions(Words words) {
    this.meter =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), words.number("port", 4059));
    this.auth = words.text("auth", "none");
    this.password = words.password();
    this.keys = DlmsKeys.of(words.bytes("key"), words.bytes("auth-key"));
    this.hdlc = words.text("link", "wrapper").equals("hdlc");
    this.shortNames = words.text("names", "ln").equals("sn");
    this.maxPdu = words.number("max-pdu", 0xFFFF);
  }

  Association open() throws IOException, DlmsException, AssociationRefused {
    AssociationRequest request = request().withMaxPdu(maxPdu);
    return Association.open(link(), shortNames ? request.withShortNames() : request);
  }

  private ApduLink link() throws IOException, DlmsException {
    return hdlc
        ? HdlcLink.connect(
            TcpLine.connect(meter, PATIENCE),
            LinkAddress.hdlc(client()),
            LinkAddress.hdlc(1),
            HdlcSettings.NETWORK)
        : WrapperLink.connect(meter, client(), 1, PATIENCE);
  }

  private int client() {
    return switch (auth) {
      case "none" -> 16;
      case "lls" -> 17;
      default -> 18;
    };
  }

  private AssociationRequest request() {
    return switch (auth) {
      case "none" -> AssociationRequest.open();
      case "lls" -> AssociationRequest.password(password);
      case "gmac" -> AssociationRequest.gmac(cipher(keys));
      default -> throw new IllegalArgumentException("auth is no " + auth);
    };
  }

  /** Suite 0, authenticated and encrypted, under a title that no other has. */
  static SecurityContext cipher(DlmsKeys keys) {
    long number = TITLES.getAndIncrement();
    byte[] title = {'G', 'W', 'C', 0, 0, 0, 0, 0};
    for (int i = 7; i > 2; i--, number >>>= 8) {
      title[i] = (byte) number;
    }
    AtomicLong counter = new AtomicLong(1);
    return SecurityContext.of(title, keys, counter::getAndIncrement);
  }
}
