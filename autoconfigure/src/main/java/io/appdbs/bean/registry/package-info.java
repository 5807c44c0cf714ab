/**
 * Where beans are registered, and the beans of an application that replace them.
 */
@NullMarked
package io.appdbs.bean.registry;

import org.jspecify.annotations.NullMarked;
