/**
 * Proxies of objects of MongoDB's driver.
 */
@NullMarked
package io.appdbs.mongo.proxy;

import org.jspecify.annotations.NullMarked;
