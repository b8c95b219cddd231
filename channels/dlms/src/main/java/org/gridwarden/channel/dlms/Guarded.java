package org.gridwarden.channel.dlms;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.core.Action;
import org.gridwarden.core.Assurance;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.ClockReading;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.Message;
import org.gridwarden.core.MeterSession;
import org.gridwarden.core.ReadPlan;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.core.TransportSecurity;

/**
 * A session over TLS that sends no command while it is not known which certificates are revoked
 * (C23): closed for commands, open for readings.
 */
final class Guarded implements MeterSession {
  private final MeterSession session;
  private final TransportSecurity tls;

  private Guarded(MeterSession session, TransportSecurity tls) {
    this.session = session;
    this.tls = tls;
  }

  /** Guards a session where it stands on TLS. */
  static MeterSession of(MeterSession session, boolean secure, TransportSecurity tls) {
    return secure ? new Guarded(session, tls) : session;
  }

  @Override
  public Stream<Message> read(ReadPlan plan) throws ChannelException, InterruptedException {
    return session.read(plan);
  }

  @Override
  public ClockReading clock() throws ChannelException, InterruptedException {
    return session.clock();
  }

  @Override
  public void shiftClock(Duration by) throws ChannelException, InterruptedException {
    known();
    session.shiftClock(by);
  }

  @Override
  public Assurance assurance() {
    return session.assurance();
  }

  @Override
  public Receipt send(SignedCommand command) throws ChannelException, InterruptedException {
    known();
    return session.send(command);
  }

  @Override
  public Optional<CommandState> look(Action action) throws ChannelException, InterruptedException {
    return session.look(action);
  }

  @Override
  public boolean remembersCommands() {
    return session.remembersCommands();
  }

  private void known() throws ChannelException {
    if (!tls.revocationKnown()) {
      throw new ChannelException(
          new Fault(
              Fault.Code.CONFLICT,
              "revocation list",
              "it is not known which certificates are revoked, so nothing is commanded: see to the"
                  + " database"));
    }
  }

  @Override
  public void close() throws ChannelException {
    session.close();
  }
}
