package org.gridwarden.channel.dlms;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.gridwarden.core.ChannelException;
import org.gridwarden.core.CommandState;
import org.gridwarden.core.Fault;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.Receipt;
import org.gridwarden.core.SignedCommand;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.CosemDateTime;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.DlmsKeys;
import org.gridwarden.dlms.GeneralSigning;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.client.Association;
import org.gridwarden.dlms.client.AssociationRefused;
import org.gridwarden.dlms.client.AssociationRequest;
import org.gridwarden.dlms.companion.Client;
import org.gridwarden.dlms.objects.DisconnectControl;

/**
 * Carries what operators signed as DLMS requests to meters that check that by themselves,
 * untouched, under the office's own protection; and brings back what the meter signed. The office
 * has no key to sign with: it can carry or not carry. One thread at a time.
 */
final class SignedCarrier {
  private static final int DISCONNECT_CONTROL = 70;
  private static final int REMOTE_RECONNECT = 2;

  private final Reader reader;
  private final Reader.Known known;
  private final Association own;
  private final Optional<Reader.Dial> dial;
  private final Look breaker;

  /** Where the meter's breaker stands. */
  interface Look {
    DisconnectControl.State state()
        throws IOException, DlmsException, AssociationRefused, ChannelException;
  }

  /**
   * @param own the session's association
   * @param dial a second way to the meter, where another client carries what is signed
   */
  SignedCarrier(
      Reader reader,
      Reader.Known known,
      Association own,
      Optional<Reader.Dial> dial,
      Look breaker) {
    this.reader = reader;
    this.known = known;
    this.own = own;
    this.dial = dial;
    this.breaker = breaker;
  }

  /**
   * Carries a command.
   *
   * @return the meter's signed answer as the evidence; whether it is genuine is for who has the
   *     meter's public key
   * @throws AssociationRefused where the meter itself refused it, or nothing was sent
   */
  Receipt send(SignedCommand command)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    if (!(Apdus.decode(command.signed()) instanceof GeneralSigning signed)) {
      throw fault(Fault.Code.MALFORMED, "the command is no general-signing; nothing was sent");
    }
    Client client = known.companion().signed().orElse(known.client());
    GeneralSigning answer =
        client.number() == known.client().number() ? own.carry(signed) : dialled(client, signed);
    return receipt(command, signed, answer);
  }

  private GeneralSigning dialled(Client client, GeneralSigning signed)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    Reader.Dial way =
        dial.orElseThrow(() ->
            fault(
                Fault.Code.FORBIDDEN,
                "its client "
                    + client.name()
                    + " carries what is signed, over a connection of its own, and this meter calls"
                    + " in; nothing was sent"));
    KeyAccess.KeySet set =
        reader
            .host()
            .keys()
            .keys(known.meter().id(), KeyAccess.Purpose.DLMS_GLOBAL_UNICAST)
            .orElseThrow(() -> fault(Fault.Code.FORBIDDEN, "there are no keys of it"));
    try (ApduLink link = way.as(client.number());
        DlmsKeys keys = MeterKeys.of(set);
        Association association =
            Association.open(
                link,
                AssociationRequest.gmac(reader.security(known.meter(), set, keys))
                    .withPatience(reader.common().limits().patience()))) {
      return association.carry(signed);
    }
  }

  private Receipt receipt(SignedCommand command, GeneralSigning signed, GeneralSigning answer)
      throws IOException, DlmsException, AssociationRefused, ChannelException {
    AccessResult result =
        switch (Apdus.decode(answer.content().bytes())) {
          case Service.ActedNormal(_, Service.Invoked(AccessResult done, _)) -> done;
          case Service.SetDone(_, AccessResult done) -> done;
          case Apdu other ->
              throw fault(Fault.Code.MALFORMED, "it answered with a " + other.name());
        };
    CommandState state =
        !result.isSuccess()
            ? CommandState.REFUSED
            : reconnects(signed)
                    && breaker.state() == DisconnectControl.State.READY_FOR_RECONNECTION
                ? CommandState.READY
                : CommandState.CONFIRMED;
    return new Receipt(command.id(), state, at(answer), Apdus.encode(answer));
  }

  private static boolean reconnects(GeneralSigning signed) throws DlmsException {
    return Apdus.decode(signed.content().bytes()) instanceof Service.ActionNormal action
        && action.method().classId() == DISCONNECT_CONTROL
        && action.method().method() == REMOTE_RECONNECT;
  }

  private Instant at(GeneralSigning answer) {
    byte[] time = answer.header().dateTime().bytes();
    return (time.length == 0 ? CosemDateTime.UNSPECIFIED : CosemDateTime.of(time, 0))
        .instant(ZoneOffset.UTC, CosemDateTime.DeviationSign.STANDARD)
        .orElseGet(reader.host().clock()::instant);
  }

  private ChannelException fault(Fault.Code code, String remedy) {
    return Reader.fault(code, known.meter().id(), remedy);
  }
}
