package org.gridwarden.dlms.client;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.gridwarden.dlms.AccessService;
import org.gridwarden.dlms.Acse;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.ApduLink;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.BlockConversation;
import org.gridwarden.dlms.BlockTransfer;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.GeneralSigning;
import org.gridwarden.dlms.Initiate;
import org.gridwarden.dlms.Service;
import org.gridwarden.dlms.ShortNameService;
import org.gridwarden.dlms.security.Protection;

/**
 * Questions and answers over a link, protected as the association is, in general block transfer
 * where they are too long. Answers to questions of before are passed over; what the meter says
 * unasked is handed to a listener. Once an answer failed to come or to be what it should, it is of
 * no use. One thread at a time; interrupting that thread closes the link.
 */
final class Exchange {
  /** How much of what was not asked for is passed over while one answer is waited for. */
  private static final int MOST_UNASKED = 1_000;

  private static final int MAX_PDU = 0xFFFF;
  private static final int LONGEST = 16 << 20;
  private static final int WINDOW = 16;

  /** Tag, control, two numbers, length. */
  private static final int BLOCK_HEAD = 9;

  /** How often a silent meter is told again what it missed, in general block transfer. */
  private static final int ATTEMPTS = 4;

  private final ApduLink link;
  private final Optional<Protection> cipher;
  private final Duration patience;
  private final boolean wantsPriority;
  private final Consumer<Apdu> listener;
  private Conformance conformance = Conformance.of();
  private int meterMax = MAX_PDU;
  private OptionalLong until = OptionalLong.empty();
  private int invoke;
  private boolean usable;

  Exchange(ApduLink link, AssociationRequest request) {
    this.link = link;
    this.cipher = request.cipher();
    this.patience = request.patience();
    this.wantsPriority = request.highPriority();
    this.listener = request.listener();
  }

  /** From now on what was agreed upon holds. */
  void negotiated(Initiate.Response response) {
    conformance = response.conformance();
    meterMax = response.maxPdu() == 0 ? MAX_PDU : response.maxPdu();
  }

  /** Whether a service was agreed upon. */
  boolean may(Conformance.Service service) {
    return conformance.has(service);
  }

  /** Refuses what was not agreed upon before it is sent. */
  void require(Conformance.Service service) throws AssociationRefused {
    if (!may(service)) {
      throw new AssociationRefused(
          service.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
              + " was not negotiated with the meter");
    }
  }

  /** The greatest APDU that the meter takes, in bytes. */
  int meterMax() {
    return meterMax;
  }

  /** A new invoke-id-and-priority: the next id, confirmed or not. */
  int nextInvoke(boolean confirmed) {
    invoke = (invoke + 1) & 0x0F;
    return invoke | (confirmed ? 0x40 : 0) | (highPriority() ? 0x80 : 0);
  }

  /** Whether the meter is asked for high priority: where that was wanted and negotiated. */
  boolean highPriority() {
    return wantsPriority && may(Conformance.Service.PRIORITY_MANAGEMENT);
  }

  /**
   * Until when all that follows must be done, by {@link System#nanoTime}; empty for no limit.
   *
   * @return what held before
   */
  OptionalLong limit(OptionalLong to) {
    OptionalLong before = until;
    until = to;
    return before;
  }

  /** Asks for the association: both ways in the clear, but for what they carry. */
  Apdu associate(Acse.Aarq aarq) throws IOException, DlmsException {
    send(Apdus.encode(aarq));
    Apdu answer = Apdus.decode(receive(System.nanoTime() + patience.toNanos(), true));
    usable = true;
    return answer;
  }

  /** Asks the meter, and waits for the answer to this question. */
  Apdu ask(Service question) throws IOException, DlmsException, AssociationRefused {
    byte[] bytes = protect(question);
    checkLength(bytes);
    boolean answered = false;
    try {
      Apdu answer = converse(bytes, this::open, came -> answers(question, came));
      answered = true;
      return switch (answer) {
        case Service.ExceptionResponse refused ->
            throw new AssociationRefused("the meter refuses: " + refused.reason());
        case Initiate.ServiceError error ->
            throw new AssociationRefused(
                "the meter refuses: service error %d, %d"
                    .formatted(error.errorClass(), error.value()));
        default -> answer;
      };
    } finally {
      usable &= answered;
    }
  }

  /**
   * Carries what a third party signed, and brings back what the meter answers to them.
   *
   * @throws DlmsException UNAUTHENTICATED where the answer, or a refusal, may be anybody's: what
   *     became of the request is not known
   * @throws AssociationRefused where the meter itself refuses it: it did nothing
   */
  GeneralSigning carry(GeneralSigning signed)
      throws IOException, DlmsException, AssociationRefused {
    require(Conformance.Service.GENERAL_PROTECTION);
    if (cipher.isEmpty()) {
      throw new AssociationRefused("what a third party signed is carried under keys only");
    }
    byte[] bytes = protect(signed);
    checkLength(bytes);
    byte[] thirdParty = signed.header().originator().bytes();
    boolean answered = false;
    try {
      Apdu answer =
          converse(
              bytes,
              came -> carried(cipher.get(), came, thirdParty),
              came -> isCarriedAnswer(signed, came));
      answered = true;
      return switch (answer) {
        case GeneralSigning genuine -> genuine;
        case Service.ExceptionResponse refused ->
            throw new AssociationRefused(
                "the meter does not take what was signed: " + refused.reason());
        default -> throw unexpected("a signed answer", answer);
      };
    } finally {
      usable &= answered;
    }
  }

  private static Apdu carried(Protection cipher, Apdu came, byte[] thirdParty)
      throws DlmsException {
    if (came instanceof Service.ExceptionResponse refused) {
      throw new DlmsException(
          DlmsException.Kind.UNAUTHENTICATED,
          0,
          "somebody refuses in the clear (" + refused.reason() + "), which need not be the meter");
    }
    return cipher.openCarried(came, thirdParty);
  }

  /** An answer that is not signed is no good one, and there will be no other. */
  private static boolean isCarriedAnswer(GeneralSigning question, Apdu came) {
    return came instanceof GeneralSigning answer
        ? answer.header().transactionId().equals(question.header().transactionId())
        : came instanceof Service;
  }

  /** Tells the meter something that it does not answer. */
  void tell(Apdu unconfirmed) throws IOException, DlmsException, AssociationRefused {
    byte[] bytes = protect(unconfirmed);
    checkLength(bytes);
    boolean sent = false;
    try {
      if (bytes.length > meterMax) {
        throw new AssociationRefused("what is not answered cannot be sent in blocks");
      }
      send(bytes);
      sent = true;
    } finally {
      usable &= sent;
    }
  }

  private void checkLength(byte[] bytes) throws AssociationRefused {
    if (bytes.length > meterMax && !may(Conformance.Service.GENERAL_BLOCK_TRANSFER)) {
      throw new AssociationRefused(
          "the request has "
              + bytes.length
              + " bytes, the meter takes "
              + meterMax
              + ", and no block transfer was negotiated that would carry it");
    }
  }

  /** Hands on what the meter says unasked, for so long. */
  void listen(Duration time) throws IOException, DlmsException {
    long end = System.nanoTime() + time.toNanos();
    while (true) {
      byte[] bytes;
      try {
        bytes = receive(end, false);
      } catch (SocketTimeoutException e) {
        return;
      }
      Apdu apdu = Apdus.decode(bytes);
      if (cipher.isEmpty() || Protection.isProtected(apdu)) {
        heard(open(apdu));
      }
    }
  }

  /** Takes the protection off what came. */
  private interface Opener {
    Apdu open(Apdu came) throws DlmsException;
  }

  /**
   * Sends a question and waits for its answer.
   *
   * @param answers whether it is the one, rather than one that comes late or that nobody asked for
   */
  private Apdu converse(byte[] bytes, Opener opener, Predicate<Apdu> answers)
      throws IOException, DlmsException {
    BlockConversation blocks =
        BlockConversation.asking(Math.max(1, meterMax - BLOCK_HEAD), WINDOW, LONGEST);
    boolean inBlocks = bytes.length > meterMax;
    send(inBlocks ? blocks.begin(bytes) : List.of(bytes));
    long end = System.nanoTime() + patience.toNanos();
    int attempts = 1;
    for (int unasked = 0; unasked < MOST_UNASKED; unasked++) {
      byte[] came;
      try {
        // a lost block is asked for again, while there is patience
        long next = inBlocks ? System.nanoTime() + patience.toNanos() / ATTEMPTS : end;
        came = receive(Math.min(next, end), !inBlocks);
      } catch (SocketTimeoutException e) {
        List<byte[]> again = inBlocks && attempts++ < ATTEMPTS ? blocks.again() : List.of();
        if (again.isEmpty()) {
          throw e;
        }
        send(again);
        continue;
      }
      Apdu apdu = Apdus.decode(came);
      if (apdu instanceof BlockTransfer block && may(Conformance.Service.GENERAL_BLOCK_TRANSFER)) {
        inBlocks = true;
        switch (blocks.accept(block)) {
          case BlockConversation.Step.Wait _ -> {}
          case BlockConversation.Step.Send(List<byte[]> next) -> {
            send(next);
            unasked = 0;
            attempts = 1;
            end = System.nanoTime() + patience.toNanos();
          }
          case BlockConversation.Step.Broken(String what) -> throw broken(what);
          case BlockConversation.Step.Complete(byte[] whole) -> {
            Apdu answer = opener.open(Apdus.decode(whole));
            if (answers.test(answer)) {
              return answer;
            }
            throw unexpected("an answer", answer);
          }
        }
        continue;
      }
      if (cipher.isPresent() && isNotification(apdu)) {
        continue; // in the clear: it may be anybody's
      }
      Apdu answer = opener.open(apdu);
      if (answers.test(answer)) {
        return answer;
      }
      heard(answer);
    }
    throw broken("the meter says much that it was not asked");
  }

  /** Whether it is the answer, rather than one that comes late or that nobody asked for. */
  private static boolean answers(Service question, Apdu answer) {
    if (isNotification(answer)) {
      return false;
    }
    if (question instanceof Service.Invocation asked
        && answer instanceof Service.Invocation answered) {
      return (asked.invoke() & 0x0F) == (answered.invoke() & 0x0F);
    }
    if (question instanceof AccessService asked && answer instanceof AccessService answered) {
      return ((asked.invokeId() ^ answered.invokeId()) & AccessService.INVOKE_ID) == 0;
    }
    // an answer of the other services is late where this question is none of theirs
    return answer instanceof Service.ExceptionResponse
        || !(answer instanceof Service.Invocation || answer instanceof AccessService);
  }

  private static boolean isNotification(Apdu apdu) {
    return apdu instanceof Apdu.DataNotification
        || apdu instanceof Apdu.EventNotification
        || apdu instanceof ShortNameService.InformationReportRequest;
  }

  /** Hands on what was not asked for, and confirms it where the meter wants that. */
  private void heard(Apdu apdu) throws IOException, DlmsException {
    if (!isNotification(apdu)) {
      return; // a late answer
    }
    listener.accept(apdu);
    if (apdu instanceof Apdu.DataNotification push && push.confirmed()) {
      send(protect(Apdu.DataNotificationConfirm.of(push)));
    }
  }

  private void send(List<byte[]> apdus) throws IOException {
    for (byte[] apdu : apdus) {
      send(apdu);
    }
  }

  private void send(byte[] apdu) throws IOException {
    checkInterrupted();
    try {
      link.send(apdu);
    } catch (IOException e) {
      checkInterrupted();
      throw e;
    }
  }

  /**
   * The next APDU, waited for at most until then, and not beyond the whole call's limit.
   *
   * @param last whether the link is of no use any more where none comes
   */
  private byte[] receive(long end, boolean last) throws IOException, DlmsException {
    checkInterrupted();
    long now = System.nanoTime();
    long left = Math.min(end - now, until.isPresent() ? until.getAsLong() - now : Long.MAX_VALUE);
    if (left <= 0) {
      throw new SocketTimeoutException("the meter did not answer in time");
    }
    try {
      Duration wait = Duration.ofNanos(left);
      return last ? link.receiveOrClose(wait) : link.receive(wait);
    } catch (IOException e) {
      checkInterrupted();
      throw e;
    }
  }

  /** Who interrupts the thread wants no answer any more: the link is closed. */
  private void checkInterrupted() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      usable = false;
      link.close();
      throw new InterruptedIOException("the call was cancelled");
    }
  }

  /** An APDU's bytes, protected where the association is. */
  byte[] protect(Apdu plain) throws DlmsException {
    return cipher.isPresent() ? cipher.get().protect(plain) : Apdus.encode(plain);
  }

  /** What came, opened; an exception response alone may come in the clear. */
  Apdu open(Apdu apdu) throws DlmsException {
    return cipher.isEmpty() || apdu instanceof Service.ExceptionResponse
        ? apdu
        : cipher.get().open(apdu);
  }

  /** Releases the association where it still works, and closes the link. */
  void release() throws IOException {
    try (link) {
      if (usable && !Thread.currentThread().isInterrupted()) {
        usable = false;
        link.send(Apdus.encode(new Acse.Rlrq(0, DlmsData.OctetString.EMPTY)));
        link.receiveOrClose(patience);
      }
    } catch (DlmsException e) {
      // whatever it was: the link is closed
    } catch (IOException e) {
      // a meter that closes at once has released it as well
    }
  }

  static DlmsException unexpected(String wanted, Apdu came) {
    return broken("the meter was asked for " + wanted + " and sent a " + came.name());
  }

  static DlmsException broken(String what) {
    return new DlmsException(DlmsException.Kind.MALFORMED, 0, what);
  }
}
