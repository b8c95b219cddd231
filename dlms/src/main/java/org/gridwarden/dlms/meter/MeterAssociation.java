package org.gridwarden.dlms.meter;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.gridwarden.dlms.AccessResult;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.AssociationCipher;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.BlockTransfer;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.HlsExchange;
import org.gridwarden.dlms.HlsProver;
import org.gridwarden.dlms.MethodRef;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Service;

/**
 * A meter's side of one client's association: answers APDUs whatever state they come in. One thread
 * at a time.
 */
public final class MeterAssociation {
  private static final MethodRef REPLY_TO_HLS =
      new MethodRef(
          CurrentAssociation.CLASS, CurrentAssociation.NAME, CurrentAssociation.REPLY_TO_HLS);

  /** Where the association stands (IEC 62056-5-3, clause 9.3.1). */
  private sealed interface State {
    /** There is none. */
    record Idle() implements State {}

    /** The client has yet to prove itself. */
    record Proving(Negotiated with, HlsProver prover, HlsExchange exchange) implements State {}

    /** Services are answered. */
    record Open(Negotiated with, Referencing services, BlockCarrier carrier) implements State {}
  }

  private final LogicalDevice device;
  private final Optional<ClientAccess> access;
  private State state = new State.Idle();

  /**
   * @param client the client's number, as the link says
   */
  public MeterAssociation(LogicalDevice device, int client) {
    this.device = device;
    this.access = device.client(client);
  }

  /** Whether a client has proven itself. */
  public boolean isOpen() {
    return state instanceof State.Open;
  }

  /**
   * What is sent back for an APDU that came, in order: none for an unconfirmed service, several for
   * blocks that stream.
   */
  public List<byte[]> answer(byte[] bytes) {
    Apdu apdu;
    try {
      apdu = Apdus.decode(bytes);
    } catch (DlmsException e) {
      return List.of(Apdus.encode(exception(Service.ExceptionResponse.OTHER_REASON)));
    }
    if (apdu instanceof BlockTransfer block) {
      return state instanceof State.Open open
          ? open.carrier().block(block, this::one)
          : List.of(Apdus.encode(exception(1)));
    }
    return one(apdu)
        .map(answer ->
            state instanceof State.Open open ? open.carrier().answer(answer) : List.of(answer))
        .orElse(List.of());
  }

  /**
   * An attribute's value that the client is told without asking: EventNotification or
   * InformationReport, protected as the association is.
   *
   * @return none where there is no association, the client does not take such, or may not read it
   */
  public Optional<byte[]> notification(AttributeRef attribute) throws DlmsException {
    if (!(state instanceof State.Open open)) {
      return Optional.empty();
    }
    Optional<Apdu> apdu = open.services().notification(attribute);
    return apdu.isEmpty() ? Optional.empty() : Optional.of(protect(open.with(), apdu.get()));
  }

  private static byte[] protect(Negotiated with, Apdu plain) throws DlmsException {
    return with.cipher().isPresent() ? with.cipher().get().protect(plain) : Apdus.encode(plain);
  }

  private Optional<byte[]> one(Apdu apdu) {
    Optional<AssociationCipher> cipher = cipher(); // also for a refusal that ends the association
    try {
      return switch (apdu) {
        case Acse.Aarq aarq -> Optional.of(Apdus.encode(associate(aarq)));
        case Acse.Rlrq _ -> {
          state = new State.Idle();
          yield Optional.of(Apdus.encode(new Acse.Rlre(0, DlmsData.OctetString.EMPTY)));
        }
        case Apdu.Ciphered ciphered when cipher.isPresent() -> {
          Optional<Apdu> answer = serve(cipher.get().open(ciphered));
          yield answer.isEmpty()
              ? Optional.empty()
              : Optional.of(cipher.get().protect(answer.get()));
        }
        case Service _, Apdu.DataNotificationConfirm _ when cipher.isEmpty() ->
            serve(apdu).map(Apdus::encode);
        default -> Optional.of(Apdus.encode(exception(1)));
      };
    } catch (DlmsException e) {
      return Optional.of(
          Apdus.encode(
              exception(
                  e.kind() == DlmsException.Kind.UNAUTHENTICATED
                      ? Service.ExceptionResponse.DECIPHERING_ERROR
                      : Service.ExceptionResponse.OTHER_REASON)));
    }
  }

  private static Service exception(int service) {
    return new Service.ExceptionResponse(1, service, OptionalLong.empty());
  }

  private Optional<AssociationCipher> cipher() {
    return switch (state) {
      case State.Idle _ -> Optional.empty();
      case State.Proving proving -> proving.with().cipher();
      case State.Open open -> open.with().cipher();
    };
  }

  private Acse.Aare associate(Acse.Aarq aarq) throws DlmsException {
    state = new State.Idle();
    Opening.Result result = Opening.answer(device, access, aarq);
    state =
        switch (result) {
          case Opening.Result.Rejected _ -> new State.Idle();
          case Opening.Result.Accepted accepted -> open(accepted.with());
          case Opening.Result.Proving proving ->
              new State.Proving(proving.with(), proving.prover(), proving.exchange());
        };
    return result.answer();
  }

  private State open(Negotiated with) {
    Rights rights = access.orElseThrow().rights();
    if (with.shortNames()) {
      ShortNameTable names = ShortNameTable.of(device);
      CosemObject current = new CurrentShortNames(names, rights);
      ObjectAccess objects =
          new ObjectAccess(device, rights, with.conformance(), current, CurrentShortNames.RIGHTS);
      return new State.Open(
          with, new ShortNameServices(names, objects, with), new BlockCarrier(with));
    }
    CosemObject current = new CurrentAssociation(device, rights);
    ObjectAccess objects =
        new ObjectAccess(device, rights, with.conformance(), current, CurrentAssociation.RIGHTS);
    return new State.Open(with, new LogicalNameServices(objects, with), new BlockCarrier(with));
  }

  private Optional<Apdu> serve(Apdu question) throws DlmsException {
    return switch (state) {
      case State.Idle _ -> Optional.of(exception(1));
      case State.Proving proving -> {
        Optional<DlmsData> proof =
            proving.with().shortNames()
                ? ShortNameServices.proof(question)
                : question instanceof Service.ActionNormal action
                        && action.method().equals(REPLY_TO_HLS)
                    ? action.parameters()
                    : Optional.empty();
        yield Optional.of(proof.isPresent() ? prove(proving, question, proof.get()) : exception(1));
      }
      case State.Open open -> open.services().answer(question);
    };
  }

  private Apdu prove(State.Proving proving, Apdu question, DlmsData given) throws DlmsException {
    try {
      if (!(given instanceof DlmsData.OctetString proof)) {
        throw new DlmsException(DlmsException.Kind.UNAUTHENTICATED, 0, "no proof");
      }
      proving.prover().check(proof.bytes(), proving.exchange());
    } catch (DlmsException e) {
      state = new State.Idle();
      return proven(
          question, new Service.Invoked(AccessResult.READ_WRITE_DENIED, Optional.empty()));
    }
    byte[] ours = proving.prover().prove(proving.exchange());
    state = open(proving.with());
    return proven(
        question,
        new Service.Invoked(
            AccessResult.SUCCESS, Optional.of(new Outcome.Value(DlmsData.OctetString.of(ours)))));
  }

  private static Apdu proven(Apdu question, Service.Invoked result) {
    return question instanceof Service.ActionNormal action
        ? new Service.ActedNormal(action.invoke(), result)
        : ShortNameServices.read(result);
  }
}
