package org.gridwarden.simulator;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.dlms.Wrapper;
import org.gridwarden.security.dtls.DtlsLine;

/**
 * The wrapper over UDP under DTLS: what is lost is sent again by whoever waits for its confirm.
 * Keeps its association while it is answered.
 */
final class DtlsLink implements PushLink {
  private static final Duration HANDSHAKE = Duration.ofSeconds(15);

  private final InetSocketAddress headEnd;
  private final Optional<InetAddress> source;
  private final MeterCertificates certificates;
  private final String serial;
  private Optional<DtlsLine> line = Optional.empty();

  DtlsLink(
      InetSocketAddress headEnd,
      Optional<InetAddress> source,
      MeterCertificates certificates,
      String serial) {
    this.headEnd = headEnd;
    this.source = source;
    this.certificates = certificates;
    this.serial = serial;
  }

  @Override
  public void send(byte[] apdu) throws IOException {
    try {
      if (line.isEmpty()) {
        line = Optional.of(certificates.line(serial, headEnd, source));
      }
      line.get()
          .send(Wrapper.encode(Wrapper.MANAGEMENT_PORT, Wrapper.MANAGEMENT_PORT, apdu), HANDSHAKE);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public byte[] receive(Duration within) throws IOException {
    try {
      byte[] datagram = line.orElseThrow(() -> new IOException("not connected")).receive(within);
      if (datagram.length <= Wrapper.HEADER) {
        throw new IOException("the head-end sends what is no wrapper");
      }
      return Arrays.copyOfRange(datagram, Wrapper.HEADER, datagram.length);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public boolean answers() {
    return true;
  }

  @Override
  public void close() {
    line.ifPresent(DtlsLine::close);
    line = Optional.empty();
  }
}
