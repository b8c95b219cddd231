package org.gridwarden.channel.dlms.gate;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.security.command.CommandException;
import org.gridwarden.security.command.GateRecord;
import org.gridwarden.security.command.P256;
import org.gridwarden.security.command.Purpose;
import org.gridwarden.security.command.Signed;

/**
 * The head-end's side of a gate: hands an order in, carries APDUs between gate and meter, and takes
 * the record. Thread-safe: a connection for each order.
 */
public final class GateClient {
  private final Path socket;
  private final Path publicKey;
  private final int client;

  /**
   * @param socket where the gate listens
   * @param publicKey file of the key with which the gate signs, as PEM; read for each record
   * @param client the management client's number, which the gate is at the meter
   */
  public GateClient(Path socket, Path publicKey, int client) {
    this.socket = socket;
    this.publicKey = publicKey;
    this.client = client;
  }

  /** The management client's number. */
  public int client() {
    return client;
  }

  /**
   * Sends a command by the gate.
   *
   * @param meter the way to the meter as the management client; closed by the caller
   * @return the gate's signed record as the evidence
   * @throws ChannelException FORBIDDEN where the gate refused it unread, BUSY where the gate is not
   *     there: nothing was done; UNAUTHENTICATED where the record is not the gate's
   * @throws IOException where gate or meter went away: what became of the command is not known
   */
  public Receipt send(SignedCommand command, ApduLink meter)
      throws ChannelException, IOException, DlmsException {
    try (SocketChannel connection = connect()) {
      InputStream in = Channels.newInputStream(connection);
      OutputStream out = Channels.newOutputStream(connection);
      new GateFrame(GateFrame.Kind.ORDER, command.signed()).to(out);
      while (true) {
        GateFrame frame = GateFrame.from(in);
        switch (frame.kind()) {
          case SEND -> meter.send(frame.content());
          case WANT -> carry(frame, meter, out);
          case RECORD -> {
            return receipt(command, frame.content());
          }
          case REFUSED ->
              throw fault(
                  Fault.Code.FORBIDDEN,
                  command,
                  "the last gate refused it: "
                      + new String(frame.content(), StandardCharsets.UTF_8));
          case BROKEN ->
              throw new IOException(
                  "the last gate: " + new String(frame.content(), StandardCharsets.UTF_8));
          default -> throw new IOException("the gate said " + frame.kind());
        }
      }
    }
  }

  private SocketChannel connect() throws ChannelException {
    try {
      SocketChannel connection = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        connection.connect(UnixDomainSocketAddress.of(socket));
        return connection;
      } catch (IOException e) {
        connection.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ChannelException(
          new Fault(
              Fault.Code.BUSY,
              "last gate " + socket,
              "it is not there; nothing was sent: " + e.getMessage()),
          e);
    }
  }

  private static void carry(GateFrame want, ApduLink meter, OutputStream out)
      throws IOException, DlmsException {
    if (want.content().length != Integer.BYTES) {
      throw new IOException("the gate wants something for an unknown time");
    }
    int millis = ByteBuffer.wrap(want.content()).getInt();
    GateFrame answer;
    try {
      byte[] apdu = meter.receive(Duration.ofMillis(Math.clamp(millis, 1, 60_000)));
      if (apdu.length > GateFrame.LONGEST) {
        throw new IOException("the meter's answer is too long for the gate");
      }
      answer = new GateFrame(GateFrame.Kind.CAME, apdu);
    } catch (SocketTimeoutException | EOFException e) {
      answer = new GateFrame(GateFrame.Kind.NONE, new byte[0]);
    }
    answer.to(out);
  }

  private Receipt receipt(SignedCommand command, byte[] bytes)
      throws ChannelException, IOException {
    try {
      PublicKey key = P256.publicKey(Files.readString(publicKey));
      GateRecord record = GateRecord.parse(Signed.parse(bytes).open(Purpose.GATE, key));
      if (record.id().equals(command.id()) && record.meter().equals(command.meter())) {
        return new Receipt(record.id(), record.outcome(), record.at(), bytes);
      }
    } catch (CommandException e) {
      // said below
    }
    throw fault(
        Fault.Code.UNAUTHENTICATED, command, "what the gate answered is not its record of it");
  }

  private static ChannelException fault(Fault.Code code, SignedCommand command, String remedy) {
    return new ChannelException(new Fault(code, "meter " + command.meter(), remedy));
  }
}
