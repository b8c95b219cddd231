package org.gridwarden.channel.sip;

import java.util.Locale;

/** What carries SIP. Each word has three letters. */
enum Transport {
  UDP,
  TCP,
  TLS;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
