package org.gridwarden.channel.coap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.eclipse.californium.core.coap.BlockOption;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;

/** RFC 7959, Block2: whatever size is asked for, the blocks are the whole. */
class SlicesProperties {
  @Property(tries = 300)
  void theBlocksAreTheWhole(
      @ForAll @Size(max = 3_000) byte[] body,
      @ForAll @IntRange(min = 0, max = 6) int asked,
      @ForAll @IntRange(min = 0, max = 6) int served) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] tag = {};
    int num = 0;
    int szx = asked;
    boolean more = true;
    while (more) {
      Request request = new Request(Code.GET);
      request.getOptions().setBlock2(szx, false, num);
      Response whole = new Response(ResponseCode.CONTENT);
      whole.setPayload(body);
      Response part = Slices.cut(request, whole, BlockOption.szx2Size(served));
      assertThat(part.getCode()).isEqualTo(ResponseCode.CONTENT);
      BlockOption block = part.getOptions().getBlock2();
      assertThat(block.getSzx()).isLessThanOrEqualTo(Math.min(asked, served));
      assertThat(block.getNum()).isEqualTo(num);
      assertThat(part.getPayloadSize()).isLessThanOrEqualTo(block.getSize());
      if (num > 0) {
        assertThat(part.getOptions().getETags().getFirst()).isEqualTo(tag);
      }
      tag = part.getOptions().getETags().getFirst();
      all.writeBytes(Ask.payload(part));
      szx = block.getSzx();
      more = block.isM();
      num++;
    }
    assertThat(all.toByteArray()).isEqualTo(body);
  }

  @Property(tries = 50)
  void aBlockBeyondTheEndIsNone(@ForAll @Size(max = 200) byte[] body) {
    Request request = new Request(Code.GET);
    request.getOptions().setBlock2(4, false, 4);
    Response whole = new Response(ResponseCode.CONTENT);
    whole.setPayload(body);
    assertThat(Slices.cut(request, whole, 256).getCode()).isEqualTo(ResponseCode.BAD_REQUEST);
  }
}
