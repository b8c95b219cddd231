/** How meters' connections are taken in, whichever protocol is spoken over them. */
@NullMarked
package org.gridwarden.message.listener;

import org.jspecify.annotations.NullMarked;
