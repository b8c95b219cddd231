package org.gridwarden.channel.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamCutterTest {
  private static final String OPEN =
      "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept'"
          + " xmlns:stream='http://etherx.jabber.org/streams' id='a&gt;b>c'>";

  /** The pieces as text, however the bytes arrive. */
  private static List<String> cut(String stream, int atOnce) throws XmppException {
    StreamCutter cutter = new StreamCutter(2_048);
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    List<String> pieces = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += atOnce) {
      byte[] some = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + atOnce));
      for (StreamCutter.Piece piece : cutter.take(some, some.length)) {
        pieces.add(
            switch (piece) {
              case StreamCutter.Piece.Opened(byte[] tag) -> new String(tag, StandardCharsets.UTF_8);
              case StreamCutter.Piece.Stanza(byte[] xml) -> new String(xml, StandardCharsets.UTF_8);
              case StreamCutter.Piece.Closed() -> "closed";
            });
      }
    }
    return pieces;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 5_000})
  void cutsAStreamHoweverItArrives(int atOnce) throws Exception {
    List<String> stanzas =
        List.of(
            "<handshake/>",
            "<iq type='set' id=\"it's/>\"><a><b c='/'/>text &lt;</a><d/></iq>",
            "<message><body><![CDATA[</body>]]]]><![CDATA[>]]></body></message>",
            "<présence/>");
    String stream = OPEN + "\n" + String.join(" ", stanzas) + " </stream:stream>";
    assertThat(cut(stream, atOnce))
        .startsWith(OPEN.substring(OPEN.indexOf("<stream")))
        .containsSubsequence(stanzas)
        .endsWith("closed")
        .hasSize(6);
  }

  @ParameterizedTest
  @DisplayName("C39: what XMPP forbids ends the stream before a parser sees it")
  @ValueSource(
      strings = {
        "<!DOCTYPE s [<!ENTITY a 'b'>]><stream:stream>",
        "<stream:stream><!-- a --><iq/>",
        "<stream:stream><?php ?>",
        "<stream:stream><iq><!-- a --></iq>",
        "<stream:stream><iq><!ENTITY a 'b'></iq>",
        "<stream:stream>text",
        "<stream:stream/>",
        "<stream:stream><iq <a/></iq>",
        "<stream:stream><iq/></stream:stream><iq/>",
        "<stream:stream>< iq/>",
        "</stream:stream>",
        "<stream:stream><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
      })
  void refusesWhatXmppForbids(String stream) {
    assertThatThrownBy(() -> cut(stream, 3)).isInstanceOf(XmppException.class);
  }

  @Test
  @DisplayName("C39: a stanza has a longest length, whatever it is made of")
  void refusesWhatIsTooLong() {
    for (String begin : List.of("<iq a='", "<iq><a>", "<iq><![CDATA[", "<iq><", "<?")) {
      String stream = (begin.equals("<?") ? "" : "<s>") + begin + "a".repeat(3_000);
      assertThatThrownBy(() -> cut(stream, 100)).hasMessageContaining("2048");
    }
  }

  @Test
  void readsWhatItCut() throws Exception {
    Element iq =
        ElementReader.read(
            "<iq type='set' xml:lang='en'>a<q xmlns='u:v' k='&apos;&#60;'><![CDATA[<]]>b</q>c</iq>"
                .getBytes(StandardCharsets.UTF_8),
            Words.COMPONENT);
    assertThat(iq.is(Words.COMPONENT, "iq")).isTrue();
    assertThat(iq.attributes()).containsOnlyKeys("type");
    assertThat(iq.text()).isEqualTo("ac");
    Element query = iq.child("u:v", "q").orElseThrow();
    assertThat(query.text()).isEqualTo("<b");
    assertThat(query.attribute("k")).contains("'<");
    assertThat(
            ElementReader.read(
                iq.xml(Words.COMPONENT).getBytes(StandardCharsets.UTF_8), Words.COMPONENT))
        .isEqualTo(iq);
  }

  @ParameterizedTest
  @DisplayName("C39: no document type, entity of one's own or second stanza passes the parser")
  @ValueSource(
      strings = {
        "<!DOCTYPE s [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><iq>&a;</iq>",
        "<iq>&a;</iq>",
        "<iq/><iq/>",
        "<iq/></s><s>",
        "<iq/>text",
        "<iq",
        "<a:iq/>",
        "<iq a='1' a='2'/>",
        "<iq><!-- a --></iq>",
        ""
      })
  void refusesWhatIsNoStanza(String stanza) {
    assertThatThrownBy(
            () -> ElementReader.read(stanza.getBytes(StandardCharsets.UTF_8), Words.COMPONENT))
        .isInstanceOf(XmppException.class);
  }
}
