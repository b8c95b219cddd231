package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.gridwarden.dlms.LinkVectors.hex;

import java.util.List;
import org.gridwarden.dlms.BlockConversation.Step;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** General block transfer, block by block (IEC 62056-5-3, clause 9.4.6.13). */
class BlockConversationTest {
  private static final byte[] ANSWER = hex("C401C1000904AABBCCDD"); // ten bytes
  private final BlockConversation client = BlockConversation.asking(4, 3, 100);
  private final BlockConversation meter = BlockConversation.answering(4, 2, 100);

  private static BlockTransfer block(String apdu) throws DlmsException {
    return (BlockTransfer) Apdus.decode(hex(apdu));
  }

  private static List<String> sent(Step step) {
    return ((Step.Send) step).blocks().stream().map(LinkVectors::hex).toList();
  }

  @Test
  @DisplayName("the first block waits, and the others stream as the window of the asking side says")
  void windows() throws DlmsException {
    // control 02: neither last nor streaming, a window of two is taken; block 1, 0 acknowledged
    assertThat(meter.begin(ANSWER))
        .extracting(LinkVectors::hex)
        .containsExactly("e00200010000" + "04c401c100");
    Step step = client.accept(block("E00200010000" + "04C401C100"));
    // control 83: last, window of three; block 1 acknowledges 1, no data
    assertThat(sent(step)).containsExactly("e08300010001" + "00");
    // 42 streams, 82 is the last; both acknowledge the client's 1
    assertThat(sent(meter.accept(block("E08300010001" + "00"))))
        .containsExactly("e04200020001" + "040904aabb", "e08200030001" + "02ccdd");
    assertThat(client.accept(block("E04200020001" + "040904AABB"))).isInstanceOf(Step.Wait.class);
    assertThat(client.accept(block("E08200030001" + "02CCDD")))
        .isInstanceOfSatisfying(
            Step.Complete.class, done -> assertThat(done.apdu()).isEqualTo(ANSWER));
  }

  @Test
  @DisplayName("what comes after a lost block is not kept, and is sent again from that block on")
  void lost() throws DlmsException {
    meter.begin(ANSWER);
    client.accept(block("E00200010000" + "04C401C100"));
    meter.accept(block("E08300010001" + "00"));
    // block 2 is lost: 3 ends the window, and only 1 is acknowledged, again
    assertThat(sent(client.accept(block("E08200030001" + "02CCDD"))))
        .containsExactly("e08300020001" + "00");
    assertThat(sent(meter.accept(block("E08300020001" + "00"))))
        .containsExactly("e04200020002" + "040904aabb", "e08200030002" + "02ccdd");
    // where the last is lost, the client's patience ends, and 2 is acknowledged
    client.accept(block("E04200020002" + "040904AABB"));
    assertThat(client.again()).extracting(LinkVectors::hex).containsExactly("e08300030002" + "00");
    // nobody has seen that: it has the same number when it is told again
    assertThat(client.again()).extracting(LinkVectors::hex).containsExactly("e08300030002" + "00");
    assertThat(sent(meter.accept(block("E08300030002" + "00"))))
        .containsExactly("e08200030003" + "02ccdd");
  }

  @Test
  @DisplayName("a long question is acknowledged by window, and answered in the same conversation")
  void question() throws DlmsException {
    assertThat(client.begin(ANSWER))
        .extracting(LinkVectors::hex)
        .containsExactly("e00300010000" + "04c401c100");
    // control 02: the meter goes on, so it is not its last; it takes two in a row
    assertThat(sent(meter.accept(block("E00300010000" + "04C401C100"))))
        .containsExactly("e00200010001" + "00");
    assertThat(sent(client.accept(block("E00200010001" + "00"))))
        .containsExactly("e04300020001" + "040904aabb", "e08300030001" + "02ccdd");
    meter.accept(block("E04300020001" + "040904AABB"));
    assertThat(meter.accept(block("E08300030001" + "02CCDD"))).isInstanceOf(Step.Complete.class);
    // the answer's number follows that of the acknowledgement
    assertThat(meter.begin(hex("C501C100")))
        .extracting(LinkVectors::hex)
        .containsExactly("e08200020003" + "04c501c100");
    assertThat(client.accept(block("E08200020003" + "04C501C100")))
        .isInstanceOf(Step.Complete.class);
    assertThat(client.again()).as("nothing is missed").isEmpty();
  }

  @Test
  @DisplayName("C39 more than the greatest APDU, and what follows the end, break off")
  void bounds() throws DlmsException {
    BlockConversation small = BlockConversation.asking(4, 3, 5);
    small.accept(block("E00200010000" + "04C401C100"));
    assertThat(small.accept(block("E04200020001" + "040904AABB"))).isInstanceOf(Step.Broken.class);
    client.accept(block("E08200010000" + "04C401C100"));
    assertThat(client.accept(block("E08200020000" + "04C401C100"))).isInstanceOf(Step.Broken.class);
    assertThatThrownBy(() -> meter.begin(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> meter.begin(new byte[4 * 0xFFFF + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("C39 a side that never gets on is given up")
  void idle() throws DlmsException {
    meter.begin(ANSWER);
    BlockTransfer nothing = block("E08300010000" + "00");
    Step step = meter.accept(nothing);
    for (int i = 0; step instanceof Step.Send; i++) {
      assertThat(i).isLessThan(1_000);
      step = meter.accept(nothing);
    }
    assertThat(step).isInstanceOf(Step.Broken.class);
  }
}
