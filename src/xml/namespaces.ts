// The XML namespaces of the documents the service reads and writes.

/** VOSpace 2.0 and 2.1 share one namespace; a 2.1 document says so by its version attribute. */
export const VOSPACE = 'http://www.ivoa.net/xml/VOSpace/v2.0';
/** Not a namespace of the standard, but pyvospace writes it: accepted on input, never written. */
export const VOSPACE_21 = 'http://www.ivoa.net/xml/VOSpace/v2.1';
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
/** UWS 1.0 and 1.1 share one namespace. */
export const UWS = 'http://www.ivoa.net/xml/UWS/v1.0';
/** Of the service's own elements. */
export const VOPIPE = 'urn:vopipe:1';
export const XLINK = 'http://www.w3.org/1999/xlink';
export const VOSI_CAPABILITIES = 'http://www.ivoa.net/xml/VOSICapabilities/v1.0';
export const VOSI_AVAILABILITY = 'http://www.ivoa.net/xml/VOSIAvailability/v1.0';
export const VODATASERVICE = 'http://www.ivoa.net/xml/VODataService/v1.1';
/** Bound to the prefixes `xml` and `xmlns` by Namespaces in XML 1.0 section 3, in every document. */
export const XML = 'http://www.w3.org/XML/1998/namespace';
export const XMLNS = 'http://www.w3.org/2000/xmlns/';
