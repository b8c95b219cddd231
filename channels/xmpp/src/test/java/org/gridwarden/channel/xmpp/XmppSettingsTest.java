package org.gridwarden.channel.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.gridwarden.core.ChannelFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class XmppSettingsTest {
  private static final Map<String, Object> COMPONENT =
      Map.of("name", "office.meters.example", "secretFile", "/etc/gridwarden/xmpp-secret");

  @Test
  void theServerFindsTheChannel() {
    assertThat(ServiceLoader.load(ChannelFactory.class))
        .filteredOn(factory -> factory.name().equals("xmpp"))
        .singleElement()
        .satisfies(factory ->
            assertThat(factory.create(Map.of("component", COMPONENT)).getFirst().id())
                .hasToString("xmpp/office.meters.example"));
  }

  @Test
  void whatIsNotSaidIsUsual() {
    XmppSettings settings = XmppSettings.of(Map.of("component", COMPONENT));
    assertThat(settings.domain()).isEqualTo("meters.example");
    assertThat(settings.component().port()).isEqualTo(5347);
    assertThat(settings.component().host()).isEqualTo("127.0.0.1");
    assertThat(settings.pubSub()).isEmpty();
  }

  @Test
  @DisplayName("C25: a link to another machine, which has no TLS, must be decided for")
  void aLinkToAnotherMachineIsDecidedFor() {
    Map<String, Object> component = new HashMap<>(COMPONENT);
    component.put("host", "10.0.0.7");
    assertThatThrownBy(() -> XmppSettings.of(Map.of("component", component)))
        .hasMessageContaining("component.host")
        .hasMessageContaining("plaintext: allowed");
    assertThat(
            XmppSettings.of(Map.of("component", component, "plaintext", "allowed"))
                .component()
                .isLocal())
        .isFalse();
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> XmppSettings.of(Map.of())).hasMessageContaining("'component'");
    assertThatThrownBy(() -> XmppSettings.of(Map.of("component", Map.of("name", "a.b"))))
        .hasMessageContaining("component.secretFile");
    assertThatThrownBy(() -> XmppSettings.of(Map.of("component", COMPONENT, "domain", "a'b")))
        .hasMessageContaining("'domain'");
    assertThatThrownBy(() -> XmppSettings.of(Map.of("component", COMPONENT, "tls", Map.of())))
        .hasMessageContaining("'tls'");
  }
}
