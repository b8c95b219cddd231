package org.gridwarden.channel.coap;

import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;

/**
 * Takes the words off what the library answers by itself: to five malformed bytes it would say
 * eighty, to whoever they seem to come from.
 */
final class Terse extends MessageInterceptorAdapter {
  @Override
  public void sendResponse(Response response) {
    if (response.isInternal()) {
      response.setPayload(new byte[0]);
    }
  }
}
