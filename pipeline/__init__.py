"""What happens to a page. Pure: no Django, no Celery, no network, no clock.

The modules in the order a page meets them: scan, codes, tone, skew, blank, ocr, text, page, split, pdf.
All of them import `model`, `errors` and `limits`; only `page` imports its sister stages.
"""
