/**
 * Green Button: feeds of Atom that hold ESPI's resources (NAESB REQ.21), read, written and checked.
 */
@NullMarked
package org.gridwarden.exchange.greenbutton;

import org.jspecify.annotations.NullMarked;
