/** What other systems read and send: Green Button, IEC 61968-9, CSV. */
@NullMarked
package org.gridwarden.exchange;

import org.jspecify.annotations.NullMarked;
