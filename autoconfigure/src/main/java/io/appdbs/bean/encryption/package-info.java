/**
 * Beans that encrypt fields.
 */
@NullMarked
package io.appdbs.bean.encryption;

import org.jspecify.annotations.NullMarked;
