package io.appdbs.sample.catalog;

import java.util.List;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.data.domain.Sort;
import org.springframework.stereotype.Service;

/**
 * The products.
 */
@Service
public class Catalog {

	private final ProductRepository products;

	Catalog(ProductRepository products) {
		this.products = products;
	}

	public List<Product> findAll() {
		return this.products.findAll(Sort.by("id"));
	}

	/**
	 * Return a product.
	 * @throws ProductNotFoundException if there is no such product
	 */
	public Product get(String id) {
		return this.products.findById(id).orElseThrow(() -> new ProductNotFoundException(id));
	}

	/**
	 * Add a product.
	 * @throws ProductExistsException if there is a product with that identifier
	 */
	public Product add(Product product) {
		try {
			return this.products.insert(product);
		}
		catch (DuplicateKeyException ex) {
			throw new ProductExistsException(product.id(), ex);
		}
	}

}
