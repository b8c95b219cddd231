package org.gridwarden.dlms.meter;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.Apdus;
import org.gridwarden.dlms.BlockConversation;
import org.gridwarden.dlms.BlockTransfer;
import org.gridwarden.dlms.Conformance;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Service;

/**
 * Carries an association's APDUs in general block transfer, where that was negotiated and they are
 * too long or the client has begun it (IEC 62056-5-3, clause 9.4.6.13). One conversation at a time;
 * a question outside of blocks, or the first block of another one, ends it. One thread at a time.
 */
final class BlockCarrier {
  private static final int WINDOW = 16;

  /** Tag, control, two numbers, length. */
  private static final int HEAD = 9;

  private static final int LONGEST_QUESTION = 64 << 10;
  private static final int PDU_TOO_LONG = 4;

  private final Negotiated with;
  private BlockConversation conversation;
  private Optional<BlockTransfer> first = Optional.empty();
  private boolean complete;

  BlockCarrier(Negotiated with) {
    this.with = with;
    this.conversation = start();
  }

  private BlockConversation start() {
    return BlockConversation.answering(with.clientMax() - HEAD, WINDOW, LONGEST_QUESTION);
  }

  private boolean negotiated() {
    return with.conformance().has(Conformance.Service.GENERAL_BLOCK_TRANSFER);
  }

  /** What is sent of an answer to a question that came outside of blocks. */
  List<byte[]> answer(byte[] whole) {
    if (whole.length <= with.clientMax()) {
      return List.of(whole);
    }
    if (!negotiated() || tooManyBlocks(whole)) {
      return List.of(refusal(PDU_TOO_LONG));
    }
    conversation = start();
    first = Optional.empty();
    complete = true;
    return conversation.begin(whole);
  }

  private boolean tooManyBlocks(byte[] whole) {
    return whole.length / (with.clientMax() - HEAD) > 0x7FFF;
  }

  /**
   * What is sent for a block that came.
   *
   * @param serve answers a whole question
   */
  List<byte[]> block(BlockTransfer block, Function<Apdu, Optional<byte[]>> serve) {
    if (!negotiated()) {
      return List.of(refusal(2));
    }
    boolean begins = block.number() == 1 && block.data().length() > 0;
    if (begins && !first.map(block::equals).orElse(false)) {
      conversation = start();
      first = Optional.of(block);
      complete = false;
    }
    return switch (conversation.accept(block)) {
      case BlockConversation.Step.Wait _ -> List.of();
      case BlockConversation.Step.Send(List<byte[]> blocks) -> blocks;
      case BlockConversation.Step.Broken _ -> {
        conversation = start();
        first = Optional.empty();
        yield List.of(refusal(Service.ExceptionResponse.OTHER_REASON));
      }
      // an acknowledgement of an answer to a question outside of blocks asks nothing
      case BlockConversation.Step.Complete(byte[] question) ->
          complete ? List.of() : answered(question, serve);
    };
  }

  private List<byte[]> answered(byte[] question, Function<Apdu, Optional<byte[]>> serve) {
    complete = true;
    Optional<byte[]> answer;
    try {
      Apdu apdu = Apdus.decode(question);
      answer =
          apdu instanceof BlockTransfer // no blocks within blocks
              ? Optional.of(refusal(Service.ExceptionResponse.OTHER_REASON))
              : serve.apply(apdu);
    } catch (DlmsException e) {
      answer = Optional.of(refusal(Service.ExceptionResponse.OTHER_REASON));
    }
    if (answer.isEmpty()) {
      return List.of();
    }
    return conversation.begin(tooManyBlocks(answer.get()) ? refusal(PDU_TOO_LONG) : answer.get());
  }

  private static byte[] refusal(int service) {
    return Apdus.encode(new Service.ExceptionResponse(1, service, OptionalLong.empty()));
  }
}
